import { overCrossTab } from './cross-tabs.ts'
import { describeTransport } from './describe-transport.ts'
import { fakeFetches } from './fake-fetches.ts'
import { fakeLinks } from './fake-links.ts'
import { fakeSources } from './fake-sources.ts'
import { mockSockets } from './mock-sockets.ts'

describeTransport('crossTab(fakeTransport)', overCrossTab(fakeLinks({ duplex: true })))
describeTransport('crossTab(webSocket) over mock-socket', overCrossTab(mockSockets()))
describeTransport('crossTab(eventSource) over fakes', overCrossTab(fakeSources()))
describeTransport('crossTab(fetchStream) over fakes', overCrossTab(fakeFetches()))
