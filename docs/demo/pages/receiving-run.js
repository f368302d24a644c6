/** One run of the comparison: a new client, `count` numbered messages, and how long opening and receiving took. */
import { createClient } from 'holdfast'

/**
 * Resolves with the milliseconds from `connect()` until the connection was open, and until the last message was with the listener.
 * Rejects if the connection ends before that, or a message is missing or out of order.
 */
export function measureRun(transport, count) {
  return new Promise((resolve, reject) => {
    const client = createClient(transport, { reconnect: false })
    let expected = 1
    let openAfter
    const startedAt = performance.now()
    const passed = () => performance.now() - startedAt

    function settle(settled) {
      client.close()
      settled()
    }

    client.on('item', ({ number }) => {
      if (number !== expected) {
        return settle(() => reject(new Error(`Message ${expected} was expected, and ${number} came.`)))
      }
      expected += 1
      if (number === count) settle(() => resolve({ openAfter, allAfter: passed() }))
    })
    client.onState((state) => {
      if (state.status === 'open') openAfter = passed()
      if (state.status === 'closed' && state.error) reject(state.error)
    })
    client.connect()
  })
}

export function medianOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
