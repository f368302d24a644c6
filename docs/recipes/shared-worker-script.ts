import { createClient, webSocket } from 'holdfast'
import { sharedWorkerHost } from './shared-worker-host.ts'

const client = createClient(
  webSocket(({ lastEventId }) => `/live?last=${encodeURIComponent(lastEventId)}`),
  { dedupe: 1000 },
)
const take = sharedWorkerHost(client)
// The types of a page do not know this event of a worker's.
addEventListener('connect', (event) => take((event as MessageEvent).ports[0] as MessagePort))
