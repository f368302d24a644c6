import { webSocket } from '../../src/transports/web-socket.ts'
import { mockPeer } from '../fakes/mock-web-socket.ts'
import { overCrossTab } from './cross-tabs.ts'
import { describeTransport } from './describe-transport.ts'
import { fakeFetches } from './fake-fetches.ts'
import { fakeLinks } from './fake-links.ts'
import { fakeSources } from './fake-sources.ts'
import { firstOf, lastAfter } from './fallbacks.ts'
import { mockSockets } from './mock-sockets.ts'
import { withFakeUpstreams } from './upstreams.ts'

const { url, WebSocket } = mockPeer('refuse')
const refused = webSocket(url, { WebSocket })

describeTransport('crossTab(fakeTransport)', overCrossTab(fakeLinks({ duplex: true })))
describeTransport('crossTab(webSocket) over mock-socket', overCrossTab(mockSockets()))
describeTransport('crossTab(eventSource) over fakes', overCrossTab(fakeSources()))
describeTransport('crossTab(fetchStream) over fakes', overCrossTab(fakeFetches()))
describeTransport('crossTab(withUpstream(eventSource)) over fakes', overCrossTab(withFakeUpstreams(fakeSources())))
describeTransport('crossTab(withUpstream(fetchStream)) over fakes', overCrossTab(withFakeUpstreams(fakeFetches())))
describeTransport('crossTab(fallback) to the webSocket that comes first', overCrossTab(firstOf(mockSockets())))
describeTransport(
  'crossTab(fallback) to withUpstream(fetchStream) after a webSocket that is refused',
  overCrossTab(lastAfter(refused, withFakeUpstreams(fakeFetches()))),
)
