/**
 * An outbox for `sendUntilAcknowledged`, stored at every change, and the sender that its numbers belong to. If the stored outbox
 * is empty, the sender is a new one: numbers begin at 1 again, and from the old sender the server would take them for repeats.
 */
export function storedOutbox(storage: Pick<Storage, 'getItem' | 'setItem'>, key = 'outbox') {
  type Entry = [number: number, data: unknown]
  const [oldSender, entries]: [string, Entry[]] = JSON.parse(storage.getItem(key) ?? '["",[]]')
  const sender = entries.length > 0 ? oldSender : crypto.randomUUID()
  const outbox = new Map<number, unknown>(entries)
  const store = (left: Iterable<Entry>) => storage.setItem(key, JSON.stringify([sender, [...left]]))

  outbox.set = (number, data) => {
    // Stored first: where the storage is full this throws, and the message is not sent either.
    store([...outbox, [number, data]])
    return Map.prototype.set.call(outbox, number, data)
  }
  outbox.delete = (number) => {
    const had = Map.prototype.delete.call(outbox, number)
    store(outbox)
    return had
  }
  return { sender, outbox }
}
