import { expect, test } from 'vitest'
import { createClient, RealtimeError, webSocket } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { codeThrownBy, countedSignal, given, givenConnecting, givenRaw, newest } from '../circumstances.ts'

test.each([[false], ['500'], [true], [[]], [5n], [undefined], [{}]])(
  '[BO6] a policy that returns %s closes with invalid-config',
  (answer) => {
    const { client, link } = givenConnecting({ reconnect: () => answer as number })
    link().end()

    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config' } })
  },
)

test('[WS4] the final refusal keeps its cause', () => {
  const cause = new Error('revoked')
  const all = givenRaw()
  all.client.connect()
  all.link().observer.ended(new RealtimeError('unauthorized', 'no', { cause }))
  all.link().observer.ended(new RealtimeError('unauthorized', 'no', { cause }))

  expect(all.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', retryable: false } })
  expect((all.client.state as { error: Error }).error.cause).toBe(cause)
})

test('[WS4] a first refusal that says it is final closes at once', () => {
  const { client, link, transport } = givenRaw()
  client.connect()
  link().observer.ended(new RealtimeError('unauthorized', 'banned', { retryable: false }))

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', message: 'banned' } })
  expect(transport.links).toHaveLength(1)
})

test('[TR6][WS4] fresh credentials are asked for again where getting them failed, until a link opens', async () => {
  const { client, environment, link } = givenRaw()
  const next = async () => {
    await environment.advance(30_000)
    return link().request.error?.code
  }
  client.connect()
  link().observer.ended(new RealtimeError('unauthorized'))
  expect(link().request.error?.code).toBe('unauthorized')
  link().observer.ended(new RealtimeError('unreachable'))
  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  expect(await next()).toBe('unauthorized')
  link().observer.opened()
  link().observer.ended(new RealtimeError('lost'))

  expect(await next()).toBe('lost')
})

test.each(['connect', 'reconnect'] as const)('[TR6] %s() by the user asks for no fresh credentials', (call) => {
  const { client, link } = givenRaw()
  client.connect()
  link().observer.ended(new RealtimeError('unauthorized'))
  link().observer.ended(new RealtimeError('unreachable'))
  client[call]()

  expect(link().request.error?.code).toBe('unreachable')
})

test('[TR6] a provider that throws beside one that rejects leaves no rejection behind', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const environment = fakeEnvironment()
  const client = createClient(
    webSocket(() => Promise.reject(new Error('no URL')), {
      protocols: () => {
        throw new Error('no protocol')
      },
    }),
    { environment },
  )
  client.connect()
  await environment.advance(0)
  await environment.advance(0)
  process.off('unhandledRejection', hear)

  expect(unhandled).toEqual([])
  expect(client.state.status).toBe('waiting')
})

test('[TR7] what a provider throws about a URL is not kept as cause', async () => {
  const environment = fakeEnvironment()
  const client = createClient(
    webSocket(() => new URL('//secret@[')),
    { environment },
  )
  client.connect()
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  expect((client.state as { error: Error }).error.cause).toBeUndefined()
})

test.each([[Object.create(null)], [Symbol('no')], [{ message: Symbol('no') }], [undefined], [null]])(
  '[TR6] a provider that throws what has no text (%#) is a failed attempt',
  async (thrown) => {
    const environment = fakeEnvironment()
    const client = createClient(
      webSocket(() => {
        throw thrown
      }),
      { environment },
    )
    client.connect()
    await environment.advance(0)

    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable' } })
  },
)

test('[CN9] a queue that goes out into a reconnect leaves the new attempt its deadline', async () => {
  const all = givenRaw({
    send() {
      if (all.transport.links.length === 1) all.client.reconnect()
    },
  })
  all.client.send('note', 1)
  all.client.connect()
  all.link().observer.opened()
  expect(all.transport.links).toHaveLength(2)
  await all.environment.advance(10_000)

  expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
})

test('[SQ4] a listener that closes while refused frames go out leaves none of them', async () => {
  let refuses = true
  const all = givenRaw({
    send(link) {
      if (refuses) throw new RealtimeError('not-open')
      link.observer.received({ data: '{"type":"bye"}' })
    },
  })
  all.client.connect()
  all.link().observer.opened()
  all.client.on('bye', () => all.client.close())
  all.client.send('note', 'a')
  all.client.send('note', 'b')
  refuses = false
  try {
    all.client.send('note', 'c')
  } catch {
    // Whether the third is refused is another matter.
  }
  const sentBefore = newest(all.transport.links).sent.length
  all.client.connect()
  all.link().observer.opened()

  expect(sentBefore).toBeGreaterThan(0)
  expect(all.link().sent).toEqual([])
})

test('[WS4] a server that takes every link to refuse it is not asked for ever, whatever counts as stable', async () => {
  const { client, environment, transport } = given({ reconnect: { stableAfter: 0 } })
  client.connect()
  for (let links = 0; links < 9 && client.state.status !== 'closed'; links += 1) {
    newest(transport.links).open()
    await environment.advance(500)
    newest(transport.links).end({ code: 'unauthorized' })
  }

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized' } })
  expect(transport.links).toHaveLength(2)
})

test('[TR7] a client that cannot be made leaves nothing with the signal that it was given', () => {
  const { signal, listeners } = countedSignal()

  expect(codeThrownBy(() => given({ signal, lastEventId: 17 as never }))).toBe('invalid-config')
  expect(listeners.size).toBe(0)
})

test('[CN2] a signal that is none throws where it is given', () => {
  expect(() => given({ signal: new AbortController() as never })).toThrow(RealtimeError)
})

test.each([
  [1n, 'a number that JSON cannot hold'],
  [Object.assign(Object.create(null), { toJSON: () => JSON.parse('x') }), 'a payload that throws'],
])('[CD1] %s: what the codec cannot write throws where it is sent', (payload) => {
  const { client } = given()

  expect(codeThrownBy(() => client.send('note', payload))).toBe('invalid-config')
})

/** Bytes that a worker has by now. */
function detached(): Uint8Array<ArrayBuffer> {
  const view = new Uint8Array(4)
  structuredClone(view, { transfer: [view.buffer] })
  return view
}

test.each([
  ['memory that was handed to a worker', detached().buffer],
  ['a view of it', detached()],
  ['an object with a byteLength', { byteLength: 4, name: 'photo.png' }],
])('[SQ1] [CD4] %s is no frame: it throws where it is sent, and ends no link', (_, data) => {
  const { client, link, told } = given()
  expect(codeThrownBy(() => client.send('binary', data))).toBe('invalid-config')
  client.connect()
  link().open()

  expect(codeThrownBy(() => client.send('binary', data))).toBe('invalid-config')
  expect(client.bufferedAmount).toBe(0)
  expect(link().sent).toEqual([])
  expect(told.errors).toEqual([])
  expect(client.state.status).toBe('open')
})

test('[SQ1] an event that is no string throws where it is sent', () => {
  const { client } = given()

  expect(codeThrownBy(() => client.send({ type: 'note' } as never))).toBe('invalid-config')
})

/** A socket that the test ends by hand. */
class HandDrivenSocket {
  static latest: HandDrivenSocket | undefined
  readyState = 0
  protocol = ''
  onopen?: () => void
  onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void
  constructor() {
    HandDrivenSocket.latest = this
  }
  close() {}
}

test.each([
  [1006, false, true],
  [1006, true, false],
  [1011, false, false],
])('[TR5] close code %s says what to look at only where nothing was ever accepted', async (code, opens, hints) => {
  const environment = fakeEnvironment()
  const client = createClient(
    webSocket('wss://example.org/live?token=secret', { WebSocket: HandDrivenSocket as never }),
    {
      environment,
    },
  )
  client.connect()
  await environment.advance(0)
  if (opens) HandDrivenSocket.latest?.onopen?.()
  HandDrivenSocket.latest?.onclose?.({ code, reason: '', wasClean: false })

  const { error } = client.state as { error: RealtimeError }
  expect(error.hint !== undefined).toBe(hints)
  expect(`${error.message} ${error.hint}`).not.toContain('secret')
})
