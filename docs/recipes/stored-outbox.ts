/**
 * An outbox for `sendUntilAcknowledged` that is stored at every change, and its sender. Where nothing was left, both begin anew:
 * the numbers of an outbox begin at 1, which from an old sender would be repeats.
 */
export function storedOutbox(storage: Pick<Storage, 'getItem' | 'setItem'>, key = 'outbox') {
  type Entry = [number: number, data: unknown]
  const [kept, left]: [string, Entry[]] = JSON.parse(storage.getItem(key) ?? '["",[]]')
  const sender = left.length > 0 ? kept : crypto.randomUUID()
  const outbox = new Map<number, unknown>(left)
  const store = (entries: Iterable<Entry>) => storage.setItem(key, JSON.stringify([sender, [...entries]]))

  outbox.set = (number, data) => {
    // First, so that what a full storage does not take is not sent either.
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
