import { expect, test } from 'vitest'
import type { ConnectionState, DuplexClient } from '../../src/index.ts'
import { given, live, over, rawTransport, say } from '../circumstances.ts'

/** What a listener may do, and the status that a client has after it. */
const calls = [
  ['close()', (client: DuplexClient) => client.close(), 'closed'],
  ['connect()', (client: DuplexClient) => client.connect(), undefined],
  ['reconnect()', (client: DuplexClient) => client.reconnect(), 'connecting'],
  [
    'close() and connect()',
    (client: DuplexClient) => {
      client.close()
      client.connect()
    },
    'connecting',
  ],
  [
    'connect() and close()',
    (client: DuplexClient) => {
      client.connect()
      client.close()
    },
    'closed',
  ],
  [
    'reconnect(), twice',
    (client: DuplexClient) => {
      client.reconnect()
      client.reconnect()
    },
    'connecting',
  ],
] as const

type All = ReturnType<typeof given>

/** Where a listener may do it: what it listens to, and what makes it happen. */
const places: readonly (readonly [string, (all: All, act: () => void) => void])[] = [
  [
    'a message',
    (all, act) => {
      all.client.connect()
      all.link().open()
      all.client.on('news', act, { once: true })
      say(all.link(), 'news')
    },
  ],
  [
    'any message',
    (all, act) => {
      all.client.connect()
      all.link().open()
      all.client.onAny(act, { once: true })
      say(all.link(), 'news')
    },
  ],
  [
    'an error',
    (all, act) => {
      all.client.onError(act, { once: true })
      all.client.connect()
      all.link().end()
    },
  ],
  [
    'an error of a frame',
    (all, act) => {
      all.client.onError(act, { once: true })
      all.client.connect()
      all.link().open()
      all.link().receive('{')
    },
  ],
  ['the first state', (all, act) => onStatus(all, 'connecting', act, () => all.client.connect())],
  [
    'opening',
    (all, act) => {
      all.client.connect()
      onStatus(all, 'open', act, () => all.link().open())
    },
  ],
  [
    'a wait',
    (all, act) => {
      all.client.connect()
      onStatus(all, 'waiting', act, () => all.link().end())
    },
  ],
  [
    'closing',
    (all, act) => {
      all.client.connect()
      onStatus(all, 'closed', act, () => all.client.close())
    },
  ],
  [
    'a fatal end',
    (all, act) => {
      all.client.connect()
      onStatus(all, 'closed', act, () => all.link().end({ code: 'refused' }))
    },
  ],
]

function onStatus({ client }: All, status: string, act: () => void, cause: () => void): void {
  let done = false
  client.onState((state) => {
    if (done || state.status !== status) return
    done = true
    act()
  })
  cause()
}

/** Every combination, with a listener before and one after it that write down what they hear. */
const combinations = places.flatMap(([place, arrange]) =>
  calls.map(([call, act, after]) => ({ place, call, arrange, act, after })),
)

function play({ arrange, act }: (typeof combinations)[number]) {
  const all = given()
  const passed: [ConnectionState, ConnectionState][] = []
  all.client.onState((state) => passed.push([state, all.client.state]))
  let acted = 0
  arrange(all, () => {
    acted += 1
    act(all.client)
  })
  all.client.onState((state) => passed.push([state, all.client.state]))
  return { ...all, passed, acted: () => acted }
}

test.each(combinations)('[CN7] a listener to $place may call $call', (combination) => {
  const { client, transport, environment, acted, told } = play(combination)
  const { status } = client.state

  expect(acted()).toBe(1)
  if (combination.after) expect(status).toBe(combination.after)
  expect(live(transport.links.slice(0, -1))).toBe(0)
  expect(environment.held).toBe(heldIn(status))
  expect(told.states.at(-1)).toBe(client.state)
})

test.each(combinations)('[CN7] no state is told that has passed: $call in a listener to $place', (combination) => {
  const { passed } = play(combination)

  expect(passed.length).toBeGreaterThan(0)
  for (const [told, actual] of passed) expect(told).toBe(actual)
})

test.each(combinations)('[CN7] the client is not stuck: $call in a listener to $place', (combination) => {
  const { client, link } = play(combination)
  client.reconnect()
  link().open()
  expect(client.state.status).toBe('open')
  client.close()

  expect(client.state.status).toBe('closed')
})

test.each(calls)('[CN7][BO6] a policy may call %s, and that counts', (_, act, after) => {
  const all = given({
    reconnect() {
      act(all.client)
      return 5000
    },
  })
  all.client.connect()
  all.link().open()
  all.link().end()

  expect(all.client.state.status).toBe(after ?? 'waiting')
  expect(live(all.transport.links.slice(0, -1))).toBe(0)
})

test.each(calls.filter(([, , after]) => after !== undefined))('[CN7] a provider may call %s, once', (_, act, after) => {
  let asked = 0
  const transport = rawTransport({
    open() {
      asked += 1
      if (asked === 1) act(client)
    },
  })
  const { client, environment } = over(transport)
  client.connect()
  const last = transport.links.length - (after === 'closed' ? 0 : 1)

  expect(client.state.status).toBe(after)
  expect(transport.links.map(({ closings }, index) => closings === (index < last ? 1 : 0))).not.toContain(false)
  expect(environment.held).toBe(heldIn(after))
})

/** What a client in this status holds of its environment: a listener to the page, and a timer for what must not last. */
function heldIn(status: string | undefined): number {
  if (status === 'closed') return 0
  return status === 'open' ? 1 : 2
}
