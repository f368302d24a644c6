import { createClient, webSocket } from 'holdfast'
import { sharedWorkerHost } from './shared-worker-host.ts'

const client = createClient(
  webSocket(({ lastEventId }) => `/live?last=${encodeURIComponent(lastEventId)}`),
  { dedupe: 1000 },
)
const take = sharedWorkerHost(client)
// TypeScript's types for pages do not have this event, which only shared workers get.
addEventListener('connect', (event) => take((event as MessageEvent).ports[0] as MessagePort))
