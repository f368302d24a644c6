import { describeTransport } from './describe-transport.ts'
import { fakeFetches } from './fake-fetches.ts'
import { fakeSources } from './fake-sources.ts'
import { withFakeUpstreams } from './upstreams.ts'

describeTransport('withUpstream(eventSource) over fakes', withFakeUpstreams(fakeSources()))
describeTransport('withUpstream(fetchStream) over fakes', withFakeUpstreams(fakeFetches()))
