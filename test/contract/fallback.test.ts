import { describeTransport } from './describe-transport.ts'
import { fakeFetches } from './fake-fetches.ts'
import { fakeLinks } from './fake-links.ts'
import { fakeSources } from './fake-sources.ts'
import { fallbacks, unsupported } from './fallbacks.ts'
import { mockSockets } from './mock-sockets.ts'
import { withFakeUpstreams } from './upstreams.ts'

describeTransport('fallback of one fake', fallbacks(fakeLinks({ duplex: true })))

const { dismissals = {}, ...fetches } = fakeFetches()
// Where the other one is merely missing, a page instead of a stream is told as that.
const { 'answers with a page': _, ...decided } = dismissals

describeTransport('fallback to a fake that only receives', fallbacks(fakeLinks({ duplex: false }), [unsupported]))
describeTransport('fallback to webSocket', fallbacks(mockSockets(), [unsupported]))
describeTransport('fallback to eventSource', fallbacks(fakeSources(), [unsupported]))
describeTransport('fallback to fetchStream', fallbacks({ ...fetches, dismissals: decided }, [unsupported]))
describeTransport(
  'fallback to withUpstream(fetchStream)',
  fallbacks(withFakeUpstreams({ ...fetches, dismissals: decided }), [unsupported]),
)
