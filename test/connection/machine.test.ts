import { expect, test } from 'vitest'
import * as machine from '../../src/connection/machine.ts'

const { transition, ...signals } = machine
type Signal = keyof typeof signals
type Status = machine.Status

/** Written from the rules, signal by signal: where it leads from each status. What is missing changes nothing. */
const expected: Readonly<Record<Signal, Partial<Record<Status, Status>>>> = {
  // Dials from any status, but is a no-op while there is a link that is or may become open.
  connect: { idle: 'connecting', waiting: 'connecting', suspended: 'connecting', closed: 'connecting' },
  // Replaces the link; from 'idle' and 'closed' the same as connect.
  reconnect: {
    idle: 'connecting',
    connecting: 'connecting',
    open: 'connecting',
    waiting: 'connecting',
    suspended: 'connecting',
    closed: 'connecting',
  },
  // Ends everything, once.
  close: { idle: 'closed', connecting: 'closed', open: 'closed', waiting: 'closed', suspended: 'closed' },
  // Only a link that was not open can become so; one that the platform restores is 'waiting'.
  opened: { connecting: 'open', waiting: 'open' },
  // Only a link can be restored, and more than once.
  interrupted: { connecting: 'waiting', open: 'waiting', waiting: 'waiting' },
  // Only where there is a link can one be over; one that the platform restores is 'waiting'. A rest may end in the wait
  // that the server had asked for.
  retry: { connecting: 'waiting', open: 'waiting', waiting: 'waiting', suspended: 'waiting' },
  // A link, or a wait, is over.
  redial: { connecting: 'connecting', open: 'connecting', waiting: 'connecting', suspended: 'connecting' },
  // The page may freeze, be hidden or offline whatever a client that wants a link is doing, and for one reason after another.
  pause: { connecting: 'suspended', open: 'suspended', waiting: 'suspended', suspended: 'suspended' },
  // Ends a wait or a rest, and disturbs no link.
  proceed: { waiting: 'connecting', suspended: 'connecting' },
}

const statuses: readonly Status[] = ['idle', 'connecting', 'open', 'waiting', 'suspended', 'closed']
const cells = (Object.keys(expected) as Signal[]).flatMap((signal) =>
  statuses.map((status) => ({ status, signal, next: expected[signal][status] })),
)

test('[CN1] every status is expected to answer every signal', () => {
  expect(cells).toHaveLength(54)
})

test.each(cells)('[CN1] $status at $signal becomes $next', ({ status, signal, next }) => {
  expect(transition(status, signals[signal])).toBe(next)
})
