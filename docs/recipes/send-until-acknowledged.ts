import type { DuplexClient } from 'holdfast'

/**
 * Sends messages in order, and again on every new link until the server has acknowledged them. The outbox keeps what the client's
 * queue drops: make that queue `{ whenFull: 'drop-newest' }`. An outbox that is stored, with its `sender`, outlives the page.
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
    // Over `crossTab` a tab also hears what the server has taken from other tabs.
    if (taken.sender === sender) for (; first <= taken.upTo && first < next; first += 1) outbox.delete(first)
  })
  return (data) => {
    // What JSON cannot write throws here, before it has a number.
    JSON.stringify(data)
    outbox.set(next, data)
    put(next++, data)
  }
}
