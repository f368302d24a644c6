import { createClient, webSocket } from 'holdfast'

/** A client that goes on where it was. `load` fetches what the page shows: at the beginning, and when too much was missed. */
export function resumeSocket(url: string, load: () => void, lastEventId = '') {
  const client = createClient(
    webSocket((attempt) => `${url}?since=${encodeURIComponent(attempt.lastEventId)}`),
    { dedupe: 1000, lastEventId },
  )
  client.on('reset', load)
  return client
}
