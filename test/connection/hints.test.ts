/** What the error of a try that came to nothing points at. */
import { expect, test } from 'vitest'
import { createClient, eventSource, type RealtimeError, webSocket } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { over } from '../circumstances.ts'

const second = 1000

test.each(['provider', 'handshake'])(
  '[CN9] a %s that never settles has no hint at the six connections of a browser',
  async (slow) => {
    const environment = fakeEnvironment()
    const never = () => new Promise<never>(() => {})
    class Source extends EventTarget {
      readyState = 1
      onopen = null
      onerror = null
      constructor() {
        super()
        environment.setTimer(() => this.dispatchEvent(new Event('open')), 10)
      }
      close() {}
    }
    const client = createClient(eventSource(slow === 'provider' ? never : '/feed', { EventSource: Source as never }), {
      environment,
      ...(slow === 'handshake' && { handshake: never }),
    })
    client.connect()
    await environment.advance(10 * second)
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'timeout' } })
    const hint = slow === 'handshake' ? 'The handshake did not end.' : undefined
    expect((client.state as { error: RealtimeError }).error.hint).toBe(hint)
  },
)

test('[CN9] a WebSocket dial that hangs has a hint', async () => {
  const environment = fakeEnvironment()
  class Socket {
    readyState = 0
    close() {}
  }
  const client = createClient(webSocket('/live', { WebSocket: Socket as never }), { environment })
  client.connect()
  await environment.advance(10 * second)
  expect((client.state as { error: RealtimeError }).error).toMatchObject({ code: 'timeout', hint: expect.any(String) })
})

/** The socket of a client that dials, and tells what the test says. */
async function givenSocket() {
  const sockets: { readyState: number; onopen(): void; onerror(): void; onclose(event: object): void }[] = []
  class Socket {
    readyState = 0
    onopen = () => {}
    onerror = () => {}
    onclose = () => {}
    constructor() {
      sockets.push(this)
    }
    close() {}
  }
  const all = over(webSocket('/live', { WebSocket: Socket as never }))
  all.client.connect()
  await all.environment.advance(0)
  return { ...all, socket: sockets[0] as (typeof sockets)[number] }
}

/** The error that a WebSocket ends with, which has been open or not, by this close code. */
async function errorOfSocket(wasOpen: boolean, code: number): Promise<RealtimeError> {
  const { client, socket } = await givenSocket()
  if (wasOpen) socket.onopen()
  socket.onclose({ code, reason: '', wasClean: false })
  return (client.state as { error: RealtimeError }).error
}

test('[TR5] a WebSocket that does not open has a hint of what browsers do not tell', async () => {
  expect(await errorOfSocket(false, 1006)).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('401') })
})

test.each([
  ['is lost after it was open', true, 1006],
  ['is told why it does not open', false, 1013],
])('[TR5] a WebSocket that %s has no hint of a refusal', async (_, wasOpen, code) => {
  const error = await errorOfSocket(wasOpen, code)

  expect(error).toMatchObject({ closeCode: code })
  expect(error.hint).toBeUndefined()
})

test('[TR5][CN8] a WebSocket that tells its end by `error` alone, as under a CSP in Chromium, ends all the same', async () => {
  const { environment, socket, told } = await givenSocket()
  socket.readyState = 3
  socket.onerror()
  await environment.advance(999)
  expect(told.codes).toEqual([])
  await environment.advance(1)

  expect(told.errors).toMatchObject([{ code: 'unreachable', closeCode: 1006, hint: expect.stringContaining('CSP') }])
})

test('[CN8] `close` behind `error` is one end, with its own facts', async () => {
  const { client, environment, socket, told } = await givenSocket()
  socket.readyState = 3
  socket.onerror()
  await environment.advance(900)
  socket.onclose({ code: 4000, reason: 'later', wasClean: true })
  await environment.advance(100)
  expect(told.errors).toMatchObject([{ closeCode: 4000, closeReason: 'later' }])
  client.close()

  expect(environment.held).toBe(0)
})

test('[TR5] `error` of a socket whose end is still to come is none', async () => {
  const { environment, socket, told } = await givenSocket()
  socket.readyState = 2
  socket.onerror()
  await environment.advance(1000)

  expect(told.codes).toEqual([])
})

test('[CN2] `close()` between the two leaves nothing', async () => {
  const { client, environment, socket, told } = await givenSocket()
  socket.readyState = 3
  socket.onerror()
  client.close()
  expect(environment.held).toBe(0)
  await environment.advance(1000)

  expect(told.codes).toEqual([])
})
