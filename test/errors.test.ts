import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import { createClient, type ErrorCode, isRealtimeError, RealtimeError, webSocket } from '../src/index.ts'
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
  return [error?.message, error?.stack, error?.hint, error?.cause, JSON.stringify(error), String(error)].join(' ')
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
  ['a SyntaxError', new SyntaxError(`Unexpected ${secret}`)],
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

test('[TR6] what a provider of the user throws is the cause', async () => {
  const cause = new TypeError('no ticket')
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
