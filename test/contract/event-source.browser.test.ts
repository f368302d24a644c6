import { inject } from 'vitest'
import { eventSource } from '../../src/transports/event-source.ts'
import { describeTransport } from './describe-transport.ts'
import { eventStreamServers } from './server-peer.ts'
import { throwing } from './throwing.ts'

const circumstances = eventStreamServers(inject('origins'), eventSource, (cause) =>
  eventSource('/', { EventSource: throwing<typeof EventSource>(cause) }),
)

describeTransport("eventSource over the browser's own", circumstances)
