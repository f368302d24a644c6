import { createClient, type Provider, webSocket } from 'holdfast'
import { withParam } from './with-param.ts'

/** A client that resumes after the last id. `load` fetches what the page shows, on 'reset': without an id, or when too much was missed. */
export function resumeSocket(url: Provider<string | URL>, load: () => void, lastEventId = '') {
  const since = withParam(url, 'since', (attempt) => attempt.lastEventId)
  const client = createClient(webSocket(since), { dedupe: 1000, lastEventId })
  client.on('reset', load)
  return client
}
