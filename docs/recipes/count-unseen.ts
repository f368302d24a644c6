import type { EventMap, RealtimeClient } from 'holdfast'

/** Counts the events that come while the page is hidden; when it is shown, the count is 0 again. Returns a function that stops this. */
export function countUnseen<In extends EventMap, E extends keyof In & string>(
  client: RealtimeClient<In>,
  event: E,
  show: (unseen: number) => void,
): () => void {
  let unseen = 0
  const set = (count: number) => {
    unseen = count
    show(unseen)
  }
  const onVisibility = () => {
    if (!document.hidden) set(0)
  }

  document.addEventListener('visibilitychange', onVisibility)
  const stop = client.on(event, () => {
    if (document.hidden) set(unseen + 1)
  })
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    stop()
  }
}
