import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { binary } from '../../src/codecs/binary.ts'
import type { RealtimeError } from '../../src/errors.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { type WebSocketOptions, webSocket } from '../../src/transports/web-socket.ts'
import { told } from '../contract/facts-of.ts'
import { observeClient } from '../contract/observed-client.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { until } from '../contract/until.ts'
import { type MockPeer, mockPeer } from '../fakes/mock-web-socket.ts'

afterEach(() => vi.unstubAllGlobals())

function startPeer(...behavior: Parameters<typeof mockPeer>): MockPeer {
  const peer = mockPeer(...behavior)
  onTestFinished(peer.stop)
  return peer
}

/** A peer that ends every link with this code, and a client of it that connects. */
function endedWith(code: number, options: WebSocketOptions = {}, reason = '') {
  const peer = startPeer('accept', (socket) => socket.close({ code, reason, wasClean: true }))
  const observed = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket, ...options }))
  observed.client.connect()
  return { peer, ...observed }
}

/** ES2024, which the types here do not have yet. */
type ResizableBuffers = new (length: number, options: { readonly maxByteLength: number }) => ArrayBuffer

/** What is dialed for this URL on this page. */
async function dialedFor(url: string | URL, page: string | undefined): Promise<string | undefined> {
  const peer = startPeer()
  recordLink(webSocket(url, { WebSocket: peer.WebSocket }), { environment: fakeEnvironment({ page }) })
  await until('a dial', () => peer.seen.dials > 0)
  return peer.seen.requests[0]?.url
}

/** How the attempt ends that finds this URL wrong on this page. */
async function endOf(url: string, page: string | undefined, options: WebSocketOptions = {}): Promise<RealtimeError> {
  const peer = startPeer()
  const environment = fakeEnvironment({ page })
  const attempt = recordLink(webSocket(url, { WebSocket: peer.WebSocket, ...options }), { environment })
  await attempt.ended()
  expect(peer.seen.dials).toBe(0)
  return attempt.errors[0] as RealtimeError
}

function thrownBy(run: () => unknown): RealtimeError {
  try {
    run()
  } catch (error) {
    return error as RealtimeError
  }
  throw new Error('Nothing was thrown.')
}

test.each(['close', 'reconnect'] as const)(
  '[CN2][CN5] %s() while its socket is being made leaves no other one',
  async (call) => {
    const sockets: WebSocket[] = []
    const peer = startPeer()
    class Socket extends peer.WebSocket {
      constructor(...of: ConstructorParameters<typeof WebSocket>) {
        super(...of)
        if (sockets.push(this) === 1) client[call]()
      }
    }
    const { client, environment } = observeClient(webSocket(peer.url, { WebSocket: Socket }))
    client.connect()
    await environment.advance(0)
    await until('every end', () => sockets.every(({ readyState }) => readyState !== 2 && readyState !== 0))

    expect(sockets.map(({ readyState }) => readyState)).toEqual(call === 'close' ? [3] : [3, 1])
  },
)

test('[TR3] `close` of a link closes its socket once, and without a code where it takes none like that', async () => {
  const closings: unknown[][] = []
  class Socket {
    readonly readyState = 1
    close(...of: unknown[]) {
      closings.push(of)
      if (of[0] === 1001) throw new DOMException('No such code.', 'InvalidAccessError')
    }
  }
  const { link } = recordLink(webSocket('ws://localhost/', { WebSocket: Socket as never }))
  await new Promise(setImmediate)

  link.close(1001, 'away')
  link.close(4000)
  link.close()

  expect(closings).toEqual([[1001, 'away'], []])
})

/** A socket that does only what the test does with it, and the attempt that has made it. */
async function givenStill() {
  const sockets: StillSocket[] = []
  class StillSocket {
    readyState = 0
    bufferedAmount = 0
    onopen?: () => void
    onerror?: () => void
    onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void
    constructor() {
      sockets.push(this)
    }
    close() {}
  }
  const environment = fakeEnvironment()
  const attempt = recordLink(webSocket('wss://example.org/', { WebSocket: StillSocket as never }), { environment })
  const earlyAmount = attempt.link.bufferedAmount
  await environment.advance(0)
  const [socket] = sockets
  if (!socket) throw new Error('No socket was made.')
  return { ...attempt, environment, earlyAmount, socket }
}

test('[SQ5] what the platform holds for a socket counts, and nothing before there is one', async () => {
  const { earlyAmount, link, socket } = await givenStill()
  socket.bufferedAmount = 7

  expect([earlyAmount, link.bufferedAmount]).toEqual([0, 7])
})

test('[TR5] a socket that has failed, and of which no more is told, ends after a second', async () => {
  const { environment, errors, reports, socket } = await givenStill()
  socket.readyState = 3
  socket.onerror?.()
  await environment.advance(999)
  expect(reports).toEqual([])
  await environment.advance(1)

  expect(reports).toEqual(['ended'])
  expect(errors[0]).toMatchObject({ code: 'unreachable', closeCode: 1006, hint: expect.stringContaining('CSP') })
})

test('[TR5] a socket that has failed, and says why within that second, ends once', async () => {
  const { environment, errors, reports, socket } = await givenStill()
  socket.readyState = 3
  socket.onerror?.()
  await environment.advance(500)
  socket.onclose?.({ code: 1002, reason: '', wasClean: false })
  await environment.advance(1000)

  expect(reports).toEqual(['ended'])
  expect(errors[0]).toMatchObject({ closeCode: 1002 })
})

test('[TR5] a socket that reports an error while it is closing is waited for', async () => {
  const { environment, reports, socket } = await givenStill()
  socket.readyState = 2
  socket.onerror?.()
  await environment.advance(5000)

  expect(reports).toEqual([])
})

describe('frames', () => {
  test('[WS1] text goes both ways', async () => {
    const peer = startPeer('accept', (socket) => socket.send('from the server'))
    const { client, messages } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.send('message', 'from the client')
    client.connect()
    await until('both', () => messages.length > 0 && peer.seen.received.length > 0)

    expect([messages, peer.seen.received]).toEqual([['from the server'], ['from the client']])
  })

  test('[WS1] bytes go both ways', async () => {
    const peer = startPeer('accept', (socket) => socket.send(Uint8Array.of(1, 2).buffer))
    const { client, messages } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }), { codec: binary() })
    client.send('message', Uint8Array.of(3, 4).buffer)
    client.connect()
    await until('both', () => messages.length > 0 && peer.seen.received.length > 0)

    expect([messages, peer.seen.received]).toEqual([[Uint8Array.of(1, 2).buffer], ['bytes 3,4']])
  })

  test('[WS1] a view sends only its part, queued and open', async () => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }), { codec: binary() })
    const bytes = Uint8Array.of(1, 2, 3, 4, 5)
    client.send('message', bytes.subarray(1, 3))
    client.connect()
    await client.opened()
    client.send('message', new DataView(bytes.buffer, 3, 2))
    await until('both', () => peer.seen.received.length > 1)

    expect(peer.seen.received).toEqual(['bytes 2,3', 'bytes 4,5'])
  })

  test.each([
    ['shared', () => new SharedArrayBuffer(4)],
    ['resizable', () => new (ArrayBuffer as unknown as ResizableBuffers)(4, { maxByteLength: 8 })],
  ])('[WS1] bytes on memory that is %s are sent as they are at that moment', async (_, allocate) => {
    const handedOver: ArrayBufferView[] = []
    const peer = startPeer()
    class Socket extends peer.WebSocket {
      override send(data: never) {
        handedOver.push(data)
        super.send(data)
      }
    }
    const { client } = observeClient(webSocket(peer.url, { WebSocket: Socket }), { codec: binary() })
    client.connect()
    await client.opened()
    const bytes = new Uint8Array(allocate()).fill(7)
    client.send('message', bytes.subarray(1, 3))
    client.send('message', bytes.buffer)
    bytes.fill(8)
    await until('both', () => peer.seen.received.length > 1)

    expect(peer.seen.received).toEqual(['bytes 7,7', 'bytes 7,7,7,7'])
    // What the platform takes: https://webidl.spec.whatwg.org/#js-buffer-source-types
    for (const { buffer } of handedOver) expect(buffer).toMatchObject({ resizable: false })
  })

  test.each([
    ['whenEnded', { whenEnded: 'stop' }],
    ['WebSocket', { WebSocket: {} }],
  ])('[TR7] a %s that is no function is a usage mistake', (name, options) => {
    expect(() => webSocket('wss://example.org/', options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: `${name} must be a function.` }),
    )
  })

  test('[SQ2] a link that is not open yet refuses a frame rather than lose it', async () => {
    const peer = startPeer('hang')
    const { link } = recordLink(webSocket(peer.url, { WebSocket: peer.WebSocket }))

    expect(() => link.send?.('one')).toThrow(expect.objectContaining({ code: 'not-open' }))
  })

  test('[SQ2] a closing link refuses a frame, which goes out on the next one', async () => {
    const peer = startPeer()
    const { client, environment, reached } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    await client.opened()
    peer.clients[0]?.close({ code: 1001, reason: '', wasClean: true })
    expect(client.send('message', 'kept')).toBe('queued')
    await reached('waiting')
    await environment.advance(1000)
    await until('the frame', () => peer.seen.received.length > 0)

    expect(peer.seen.received).toEqual(['kept'])
  })
})

describe('protocols', () => {
  test('[WS2] the negotiated one is in the state', async () => {
    const peer = startPeer()
    const transport = webSocket(peer.url, { WebSocket: peer.WebSocket, protocols: ['chat.v1', 'chat.v2'] })
    const { client } = observeClient(transport)
    client.connect()
    await client.opened()

    expect(client.state).toMatchObject({ status: 'open', protocol: 'chat.v2' })
  })

  test('[WS2] without one the state names none', async () => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    await client.opened()

    expect(client.state).not.toHaveProperty('protocol')
  })

  test('[TR6][WS2] they are asked for at every attempt', async () => {
    const peer = startPeer()
    const protocols = ({ attempt }: { attempt: number }) => `chat.v${attempt}`
    const transport = webSocket(peer.url, { WebSocket: peer.WebSocket, protocols })
    const { client, environment, reached } = observeClient(transport)
    client.connect()
    await client.opened()
    peer.clients[0]?.close({ code: 1001, reason: '', wasClean: true })
    await reached('waiting')
    await environment.advance(1000)
    await client.opened()

    expect(client.state).toMatchObject({ protocol: 'chat.v2' })
  })

  test.each([[['a b']], ['a,b'], [['a', 'a']], [''], ['token=s3cret']])(
    "[TR7] %j is 'invalid-config' in the factory, and not quoted",
    (protocols) => {
      const error = thrownBy(() => webSocket('wss://example.org/', { protocols }))

      expect(error.code).toBe('invalid-config')
      expect(told(error)).not.toContain('s3cret')
    },
  )

  test.each(['s3cret token', 's3cret,s3cret', ['s3cret', 's3cret']])(
    "[TR7] %j from a provider is 'invalid-config', and not quoted",
    async (protocols) => {
      const error = await endOf('wss://example.org/', undefined, { protocols: () => protocols })

      expect(error).toMatchObject({ code: 'invalid-config', retryable: false })
      expect(told(error)).not.toContain('s3cret')
    },
  )
})

describe('close', () => {
  test.each([
    ['999', 999],
    ['1001', 1001],
    ['1005', 1005],
    ['1006', 1006],
    ['2999', 2999],
    ['5000', 5000],
    ['a fraction', 1000.5],
    ['no number', Number.NaN],
  ])('[WS3] the code %s throws before anything changes', async (_, code) => {
    const peer = startPeer()
    const { client, errors } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    await client.opened()
    const before = client.state

    expect(() => client.close(code)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    expect(client.state).toBe(before)
    expect(errors).toEqual([])
    expect(peer.seen.live).toBe(1)
  })

  test.each([
    ['124 letters', 'a'.repeat(124)],
    ['62 letters of two bytes', 'é'.repeat(62)],
  ])('[WS3] a reason of %s throws before anything changes', async (_, reason) => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    await client.opened()

    expect(() => client.close(4000, reason)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    expect(client.state.status).toBe('open')
  })

  test.each([
    [1000, ''],
    [3000, 'a'.repeat(123)],
    [4999, 'é'.repeat(61)],
  ])('[WS3] the code %i with a fitting reason reaches the peer', async (code, reason) => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    await client.opened()
    client.close(code, reason)
    await until('the end', () => peer.seen.closes.length > 0)

    expect(peer.seen.closes).toEqual([{ code, reason }])
  })
})

describe('what an end means', () => {
  test.each([1002, 1003, 1007, 1008, 1010])("[WS4] %i closes the client with 'refused'", async (code) => {
    const { client, reached } = endedWith(code, {}, 'why')
    await reached('closed')

    expect(client.state).toMatchObject({
      error: { code: 'refused', retryable: false, closeCode: code, closeReason: 'why', wasClean: true },
    })
  })

  test("[WS4] 1009 closes the client with 'too-large'", async () => {
    const { client, reached } = endedWith(1009)
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'too-large', closeCode: 1009 } })
  })

  test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 3001, 4000, 4400, 4403, 4999])(
    '[WS4] %i is tried again',
    async (code) => {
      const { client, reached } = endedWith(code)
      await reached('waiting')

      expect(client.state).toMatchObject({ error: { code: 'lost', retryable: true, closeCode: code } })
    },
  )

  test.each([4401, 3000])('[WS4] %i asks at once for fresh credentials, and a second one is final', async (code) => {
    const asked: unknown[] = []
    const peer = startPeer('accept', (socket) => socket.close({ code, reason: '', wasClean: true }))
    const url = ({ attempt, error }: { attempt: number; error?: RealtimeError | undefined }) => {
      asked.push({ attempt, error: error?.code })
      return peer.url
    }
    const { client, errors, reached } = observeClient(webSocket(url, { WebSocket: peer.WebSocket }))
    client.connect()
    await reached('closed')

    expect(asked).toEqual([
      { attempt: 1, error: undefined },
      { attempt: 2, error: 'unauthorized' },
    ])
    expect(errors.map((error) => error.code)).toEqual(['unauthorized', 'unauthorized'])
    expect(client.state).toMatchObject({ error: { code: 'unauthorized', closeCode: code } })
  })

  test.each([
    ['retry', 1008, 'waiting', 'lost'],
    ['stop', 1000, 'closed', 'ended'],
    ['reauthorize', 4000, 'closed', 'unauthorized'],
  ] as const)("[WS4] whenEnded's '%s' overrides what %i means", async (answer, code, status, error) => {
    const { client, reached } = endedWith(code, { whenEnded: () => answer })
    await reached(status)

    expect(client.state).toMatchObject({ error: { code: error, closeCode: code } })
  })

  test('[WS4] whenEnded hears the facts, and leaves the rest to the defaults', async () => {
    const whenEnded = vi.fn(() => undefined)
    const { client, reached } = endedWith(1008, { whenEnded }, 'policy')
    await reached('closed')

    expect(whenEnded).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ closeCode: 1008, closeReason: 'policy' }),
    )
    expect(client.state).toMatchObject({ error: { code: 'refused' } })
  })

  test("[WS4] a whenEnded that throws closes with 'invalid-config'", async () => {
    const cause = new Error('a mistake')
    const whenEnded = () => {
      throw cause
    }
    const { client, reached } = endedWith(1000, { whenEnded })
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'invalid-config', cause } })
  })

  test('[TR3] a link that its own policy closes does not report its end', async () => {
    let asked = 0
    const peer = startPeer('accept', (socket) => socket.close({ code: 1000, reason: '', wasClean: true }))
    const attempt = recordLink(
      webSocket(peer.url, {
        WebSocket: peer.WebSocket,
        whenEnded() {
          asked += 1
          attempt.link.close()
          return 'retry'
        },
      }),
    )
    await until('an end', () => asked > 0)

    expect(attempt.reports).toEqual(['opened'])
  })
})

describe('the URL', () => {
  test.each([
    ['/live', 'https://example.org/app/', 'wss://example.org/live'],
    ['live?room=1', 'http://example.org/app/', 'ws://example.org/app/live?room=1'],
    ['//other.org/live', 'https://example.org/', 'wss://other.org/live'],
    ['https://example.org/live', undefined, 'wss://example.org/live'],
    ['http://example.org:8080/live', undefined, 'ws://example.org:8080/live'],
    ['wss://example.org/live#here', undefined, 'wss://example.org/live'],
    [new URL('https://example.org/live'), undefined, 'wss://example.org/live'],
  ])('[TR7] %s on %s dials %s', async (url, page, dialed) => {
    expect(await dialedFor(url, page)).toBe(dialed)
  })

  test.each(['ws://localhost/', 'ws://a.localhost:81/', 'ws://127.0.0.1/', 'ws://127.8.9.1:1234/', 'http://[::1]:81/'])(
    '[TR7] %s is allowed from an https page',
    async (url) => {
      expect(await dialedFor(url, 'https://example.org/')).toBe(url.replace('http:', 'ws:'))
    },
  )

  test.each([
    'ws://example.org/?token=s3cret',
    'http://example.org/s3cret',
    'ws://localhost.example.org/s3cret',
    'ws://127.0.0.1.example.org/s3cret',
    'ws://localhost@example.org/s3cret',
    'ws://128.0.0.1/s3cret',
    'ws://notlocalhost/s3cret',
    'ws://[::2]/s3cret',
  ])("[TR7] %s from an https page is 'insecure'", async (url) => {
    const error = await endOf(url, 'https://example.org/')

    expect(error).toMatchObject({ code: 'insecure', retryable: false })
    expect(told(error)).not.toContain('s3cret')
  })

  test("[TR7] an 'insecure' URL closes the client at once", async () => {
    const environment = fakeEnvironment({ page: 'https://example.org/' })
    const { client, reached } = observeClient(webSocket('ws://example.org/'), { environment })
    client.connect()
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'insecure' } })
    expect(environment.held).toBe(0)
  })

  test.each(['ws://[s3cret', 'ftp://s3cret/', 'javascript:s3cret', 'data:,s3cret', undefined, null, 7, {}])(
    "[TR7] %s is 'invalid-config' in the factory, and not quoted",
    (url) => {
      const error = thrownBy(() => webSocket(url as string))

      expect(error).toMatchObject({ name: 'RealtimeError', code: 'invalid-config' })
      expect(told(error)).not.toContain('s3cret')
    },
  )

  test('[TR7] a URL object of another realm is dialed', async () => {
    const { href } = new URL('wss://example.org/live')

    expect(await dialedFor({ href } as URL, undefined)).toBe('wss://example.org/live')
  })

  test("[TR7] a relative URL where there is no page is 'invalid-config'", async () => {
    expect(await endOf('/live', undefined)).toMatchObject({ code: 'invalid-config' })
  })
})

describe('the platform', () => {
  test("[TR1] without a WebSocket the client closes with 'unsupported'", async () => {
    vi.stubGlobal('WebSocket', undefined)
    const { client, reached } = observeClient(webSocket('wss://example.org/'))
    client.connect()
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'unsupported', retryable: false } })
  })

  test('[TR1] the WebSocket of the moment of dialing is used', async () => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url))
    vi.stubGlobal('WebSocket', peer.WebSocket)
    client.connect()
    await client.opened()

    expect(peer.seen.dials).toBe(1)
  })

  test('[TR3] a client that is closed in the tick it connects in makes no socket', async () => {
    const peer = startPeer()
    const { client } = observeClient(webSocket(peer.url, { WebSocket: peer.WebSocket }))
    client.connect()
    client.close()
    client.connect()
    await client.opened()

    expect(peer.seen.dials).toBe(1)
  })
})
