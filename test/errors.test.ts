import { join } from 'node:path'
import { inspect } from 'node:util'
import { createContext, Script } from 'node:vm'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import {
  createClient,
  type ErrorCode,
  fetchStream,
  isRealtimeError,
  RealtimeError,
  webSocket,
  withUpstream,
} from '../src/index.ts'
import { readEvents } from '../src/sse/index.ts'
import { fakeTransport } from '../src/testing/index.ts'
import { givenConnecting, givenRaw, over } from './circumstances.ts'

const secret = 'token-abc'

/** A second copy of the module, as another bundle has it. */
function secondCopy(): Script {
  const built = buildSync({
    entryPoints: [join(import.meta.dirname, '..', 'src', 'errors.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'copy',
    write: false,
  })
  return new Script(`${built.outputFiles[0]?.text}; copy`)
}

type Copy = Pick<typeof import('../src/index.ts'), 'RealtimeError' | 'isRealtimeError'>

const copies: readonly (readonly [string, () => Copy])[] = [
  ['another realm', () => secondCopy().runInContext(createContext())],
  ['another bundle', () => secondCopy().runInThisContext()],
]

/** All that a log could show of an error. */
function shown(error: RealtimeError | undefined): string {
  const { errors = [] } = Object(error?.cause)
  return [
    error?.message,
    error?.stack,
    error?.hint,
    error?.cause,
    ...errors,
    JSON.stringify(error),
    String(error),
  ].join(' ')
}

test.each(copies)('[PK1] an error of %s is one of ours, and ours is one of theirs', (_, load) => {
  const theirs = load()
  const error = new theirs.RealtimeError('lost')

  expect(error).not.toBeInstanceOf(RealtimeError)
  expect(isRealtimeError(error)).toBe(true)
  expect(theirs.isRealtimeError(new RealtimeError('lost'))).toBe(true)
})

test.each(copies)('[TR5] an error of %s that a transport reports keeps its code', (_, load) => {
  const { RealtimeError: Theirs } = load()
  const { client, link } = givenRaw()
  client.connect()
  link().observer.ended(new Theirs('refused'))

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'refused' } })
})

test.each([null, undefined, 'lost', 5, {}, new Error('lost'), { code: 'lost', name: 'RealtimeError' }])(
  '%o is no error of ours',
  (value) => {
    expect(isRealtimeError(value)).toBe(false)
  },
)

const retryable: readonly ErrorCode[] = ['unreachable', 'timeout', 'silent', 'lost', 'unauthorized']
const final: readonly ErrorCode[] = [
  ...(['ended', 'refused', 'not-a-stream', 'insecure', 'invalid-config', 'unsupported', 'decode', 'invalid'] as const),
  ...(['too-large', 'queue-full', 'not-open', 'receive-only', 'listener', 'expired', 'aborted'] as const),
]

test.each(retryable)('[TR5] %s is retryable unless told', (code) => {
  expect(new RealtimeError(code).retryable).toBe(true)
  expect(new RealtimeError(code, '', { retryable: false }).retryable).toBe(false)
})

test.each(final)('[TR5] %s is final unless told', (code) => {
  expect(new RealtimeError(code).retryable).toBe(false)
  expect(new RealtimeError(code, '', { retryable: true }).retryable).toBe(true)
})

test('an error is an Error with a name', () => {
  const error = new RealtimeError('lost', 'It is gone.')

  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toBe('RealtimeError: It is gone.')
})

test('an error without a message has its code', () => {
  expect(new RealtimeError('lost').message).toBe('lost')
})

test('the cause is not enumerable', () => {
  const error = new RealtimeError('lost', 'gone', { cause: { secret }, status: 503 })

  expect(error.cause).toEqual({ secret })
  expect(Object.keys(error)).not.toContain('cause')
  expect(JSON.stringify(error)).not.toContain(secret)
})

test('facts that were not given are absent', () => {
  const error = new RealtimeError('lost')

  for (const fact of ['status', 'closeCode', 'closeReason', 'wasClean', 'retryAfter', 'hint', 'cause']) {
    expect(fact in error).toBe(false)
  }
})

test('[TR7] a URL that makes no sense is not quoted', () => {
  const make = () => webSocket(`ws://[${secret}`)
  const thrown: unknown[] = []
  try {
    make()
  } catch (error) {
    thrown.push(error)
  }

  expect(thrown).toHaveLength(1)
  expect(shown(thrown[0] as RealtimeError)).not.toContain(secret)
})

test.each([
  ['is no URL', () => `ws://[${secret}`],
  ['has a wrong scheme', () => `ftp://${secret}`],
  ['makes the platform throw', () => new URL(`ws://[${secret}`)],
])('[TR6] a URL of a provider that %s is not quoted', async (_, url) => {
  const { client, environment, told } = over(webSocket(url as () => string))
  client.connect()
  await environment.advance(0)

  expect(told.errors.length).toBe(1)
  expect(shown(told.errors[0])).not.toContain(secret)
})

test.each([
  ['a DOMException', new DOMException(`The URL ${secret} is invalid.`)],
  ['a DOMException that speaks of no URL', new DOMException(`The subprotocol '${secret}' is invalid.`)],
  ['a SyntaxError', new SyntaxError(`Unexpected ${secret}`)],
  ['a TypeError of Firefox', new TypeError(`Headers constructor: Bearer ${secret} is an invalid header value.`)],
  [
    'what Promise.any throws of them',
    new AggregateError([new Error('busy'), new TypeError(`Failed to parse URL from ${secret}`), 'no error']),
  ],
])('[TR1] %s of the platform does not become the cause', (_, thrown) => {
  const { client, told } = givenRaw({
    open() {
      throw thrown
    },
  })
  client.connect()

  expect(told.codes).toEqual(['unreachable'])
  expect(shown(told.errors[0])).not.toContain(secret)
})

test.each([
  ['', new TypeError('no ticket')],
  [' with `errors` that are no list', Object.assign(new Error('no ticket'), { errors: { ticket: 'missing' } })],
])('[TR6] what a provider of the user throws%s is the cause', async (_, cause) => {
  const { client, environment, told } = over(
    webSocket(() => {
      throw cause
    }),
  )
  client.connect()
  await environment.advance(0)

  expect(told.errors).toMatchObject([{ code: 'unreachable', cause }])
})

test('[SQ1] an error of the queue does not quote the message', () => {
  const { client, told } = givenConnecting({ queue: { maxMessages: 1, whenFull: 'drop-oldest' } })
  client.send('note', secret)
  client.send('note', secret)

  expect(told.codes).toEqual(['queue-full'])
  expect(shown(told.errors[0])).not.toContain(secret)
})

test('[TR7] a usage mistake is thrown as an error of ours that says what to do', () => {
  const make = () => createClient({} as never)

  expect(make).toThrow(RealtimeError)
  expect(make).toThrow(/must be a function/)
})

test('[TR6] what Headers says of a header that is none, and quotes, is in no error', async () => {
  const headers = () => new Headers({ authorization: `Bearer ${secret}\n` })
  const quoted = { authorization: `${secret}\n${secret}` }
  for (const provider of [headers, () => new Headers(quoted), () => quoted]) {
    const { client, environment, told } = over(fetchStream('https://example.org/', { headers: provider }) as never)
    client.connect()
    await environment.advance(0)
    client.close()

    expect(told.errors.map(shown).join()).not.toContain(secret)
  }
})

const unreachable = `http://nowhere.invalid/feed?token=${secret}`

test.each([
  ['Node says which URL', new TypeError('fetch failed', { cause: new TypeError(`bad port in ${unreachable}`) })],
  [
    'Node quotes what it could not read',
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { data: secret }) }),
  ],
  [
    'Node says what was no URL',
    new TypeError('fetch failed', { cause: Object.assign(new TypeError('Invalid URL'), { input: secret }) }),
  ],
  ['Bun has the URL beside its message', Object.assign(new Error('Unable to connect.'), { path: unreachable })],
  ['Bun has the URL in its message', new Error(`ZlibError fetching "${unreachable}".`)],
  [
    'Deno says which URL',
    new TypeError('error', { cause: new Error(`error sending request for url (${unreachable})`) }),
  ],
])('[TR6] a fetch that fails, of which %s, is told without', async (_, thrown) => {
  const fetch = () => Promise.reject(thrown)
  const stream = over(fetchStream(unreachable, { fetch }) as never)
  const inner = fakeTransport({ duplex: false })
  const posts = over(withUpstream(inner, unreachable, { fetch }))
  for (const { client } of [stream, posts]) client.connect()
  await stream.environment.advance(0)
  inner.links[0]?.open()
  posts.client.send('note', 1)
  await posts.environment.advance(0)
  for (const { client } of [stream, posts]) client.close()

  for (const { told } of [stream, posts]) {
    const [error] = told.errors
    expect(error?.code).toBe('unreachable')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  }
})

test('[TR6] what is thrown may be long, and made to be read for long', () => {
  const thrown = new Error('eader'.repeat(500_000))
  const { client, told } = givenRaw({
    open() {
      throw thrown
    },
  })
  client.connect()

  expect(told.errors).toMatchObject([{ code: 'unreachable', cause: thrown }])
})

test('[TR6] a list of errors that holds itself is a failed attempt', async () => {
  const thrown = new AggregateError([])
  thrown.errors.push(thrown)
  const { client, environment, told } = over(
    webSocket(() => {
      throw thrown
    }),
  )
  client.connect()
  await environment.advance(0)

  expect(told.errors).toMatchObject([{ code: 'unreachable', cause: thrown }])
})

test('[TR6] what a provider throws of itself is the cause, also where it is about headers', async () => {
  const thrown = new TypeError("Cannot read properties of undefined (reading 'headers')")
  const { client, environment, told } = over(webSocket(() => Promise.reject(thrown)))
  client.connect()
  await environment.advance(0)

  expect(told.errors[0]?.cause).toBe(thrown)
})

test('the time that was over is the cause of what readEvents throws', async () => {
  const timeout = new DOMException('The operation timed out.', 'TimeoutError')
  const broken = readEvents(new ReadableStream({ start: (controller) => controller.error(timeout) }))

  await expect(broken.next()).rejects.toMatchObject({ code: 'lost', cause: timeout })
})

test('[TR6] a source that breaks off, and quotes what it could not read, is told without', async () => {
  const quoting = new TypeError('terminated', { cause: Object.assign(new Error(), { data: secret }) })
  const broken = readEvents(
    new ReadableStream({
      pull(controller) {
        controller.error(quoting)
      },
    }),
  )
  const thrown = await broken.next().catch((error: unknown) => error)

  expect(thrown).toMatchObject({ code: 'lost' })
  expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(secret)
})
