import { describeTransport } from './describe-transport.ts'
import { fakeSources } from './fake-sources.ts'

describeTransport('eventSource over a fake EventSource', fakeSources())
