import type { DuplexClient } from 'holdfast'

/**
 * Sends each message until the server says that it has it, in order. The outbox takes the place of the client's queue, which
 * is to be `{ whenFull: 'drop-newest' }`; with an outbox out of storage, and the `sender` that began it, it outlives the page.
 */
export function sendUntilAcknowledged(
  client: DuplexClient,
  sender: string = crypto.randomUUID(),
  outbox = new Map<number, unknown>(),
): (data: unknown) => void {
  const [oldest = 1] = outbox.keys()
  let first = oldest
  let next = oldest + outbox.size
  const put = (number: number, data: unknown) => {
    if (client.state.status === 'open') client.send('post', { sender, number, first, data })
  }

  client.onState(() => outbox.forEach((data, number) => void put(number, data)))
  client.on('taken', (taken) => {
    // Over `crossTab` also of what other tabs have sent.
    if (taken.sender === sender) for (; first <= taken.upTo && first < next; first += 1) outbox.delete(first)
  })
  return (data) => {
    // What cannot be written throws here, before it has a number.
    JSON.stringify(data)
    outbox.set(next, data)
    put(next++, data)
  }
}
