import type { DuplexClient } from 'holdfast'

/**
 * Sends what is newest, one at a time: the next when the other side has said `${event}-taken` to the last. What lies between is
 * never sent, so that the delay does not grow, however slow the line is and however much it would swallow.
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
  // A link that is gone answers no more: what was under way goes out again, unless there is something newer.
  client.onState(() => {
    underWay = undefined
    go()
  })
  return (data) => {
    newest = { data }
    go()
  }
}
