import type { DuplexClient } from 'holdfast'

/**
 * Sends the newest value, one at a time: the next one goes out when the other side has answered the last with `${event}-taken`.
 * Values in between are never sent, so the delay does not grow, however slow the line is and however much it buffers.
 */
export function sendNewest(client: DuplexClient, event: string): (data: unknown) => void {
  let newest: { readonly data: unknown } | undefined
  let underWay: typeof newest
  const go = () => {
    if (underWay || !newest || client.state.status !== 'open') return
    client.send(event, newest.data)
    underWay = newest
  }

  client.on(`${event}-taken`, () => {
    if (newest === underWay) newest = undefined
    underWay = undefined
    go()
  })
  // A link that is gone will not answer: what was under way goes out again, unless there is something newer.
  client.onState(() => {
    underWay = undefined
    go()
  })
  return (data) => {
    newest = { data }
    go()
  }
}
