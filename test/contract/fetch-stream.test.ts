import { describeTransport } from './describe-transport.ts'
import { fakeFetches } from './fake-fetches.ts'

describeTransport('fetchStream over a fake fetch', fakeFetches())
