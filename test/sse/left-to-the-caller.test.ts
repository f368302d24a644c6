/** What eventsource-parser leaves to whoever calls it, one by one. */
import { describe, expect, test } from 'vitest'
import { createClient, fetchStream, isRealtimeError, json, text } from '../../src/index.ts'
import { readEvents } from '../../src/sse/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import {
  answerWith,
  bytesOf,
  collect,
  cutEvery,
  hearAll,
  type Outcome,
  streamOf,
  throughReadEvents,
  ways,
} from './ways-to-read.ts'

/** A client of one response in chunks of the test's own; what it hears, and when it has ended. */
function givenClient(chunks: readonly Uint8Array[], codec = text()) {
  const fetch = async () => answerWith(streamOf(chunks))
  const environment = fakeEnvironment()
  const client = createClient(fetchStream('http://stream.test/', { fetch }), { codec, environment })
  const ended = new Promise<void>((resolve) => client.onState(({ status }) => status === 'waiting' && resolve()))
  return { client, environment, ended }
}

function codeOf({ error }: Outcome): string | undefined {
  return isRealtimeError(error) ? error.code : undefined
}

describe.each(ways)('%s', (_name, read) => {
  test('[SS4] of two byte order marks it takes one', async () => {
    const stream = Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, ...bytesOf('data: a\n\ndata: b\n\n'))

    expect((await read([stream])).events.map(({ data }) => data)).toEqual(['b'])
  })

  test.each(['\n', '\r', '\r\n'])(
    '[SS4] the bound is the same for every chunk and for lines that end in %j',
    async (end) => {
      const fits = bytesOf(`data: 12345${end}data: 78${end}${end}`)
      const exceeds = bytesOf(`data: 12345${end}data: 789${end}${end}`)
      for (let size = 1; size <= exceeds.length; size += 1) {
        expect(await read(cutEvery(fits, size), 8)).toMatchObject({ events: [{ data: '12345\n78' }] })
        expect(codeOf(await read(cutEvery(exceeds, size), 8)), `chunks of ${size}`).toBe('too-large')
      }
    },
  )

  test('[SS4] events that fit are not counted together', async () => {
    const { events, error } = await read([bytesOf('data: 12345678\n\n'.repeat(1000))], 8)

    expect({ count: events.length, error }).toEqual({ count: 1000, error: undefined })
  })

  test('[SS4] comments and junk are not counted, however many', async () => {
    const junk = bytesOf(`: ${'c'.repeat(5000)}\nfoo: ${'j'.repeat(5000)}\n`.repeat(3))
    const { events, error } = await read([...cutEvery(junk, 1000), bytesOf('data: a\n\n')], 8)

    expect({ count: events.length, error }).toEqual({ count: 1, error: undefined })
  })

  const long = 'x'.repeat(5000)
  const parts = ['data: ', long, '\n'].map(bytesOf)

  test("[SS4] data that never comes to its end is 'too-large', wherever it stands", async () => {
    expect(codeOf(await read(parts, 8))).toBe('too-large')
    expect(codeOf(await read([bytesOf(`data: ${long}\n`)], 8))).toBe('too-large')
  })

  test("[SS4] data that never comes to its end is 'too-large' also in a chunk that began with an event", async () => {
    const { events, error } = await read(
      [bytesOf(`data: a\n\ndata: ${long}\n`), bytesOf('\n'), bytesOf('data: b\n\n')],
      8,
    )

    expect(events.map(({ data }) => data)).toEqual(['a'])
    expect(codeOf({ events, error })).toBe('too-large')
  })

  test.each(['event', 'id', 'data'])('[SS4] a line of %s that never ends is cut off', async (field) => {
    function* forever() {
      yield bytesOf(`data: a\n\n${field}: `)
      for (let count = 0; count < 100; count += 1) yield bytesOf('x'.repeat(1000))
      throw new Error('It reads on.')
    }

    expect(codeOf(await read(forever(), 8))).toBe('too-large')
  })
})

describe('an exception in the middle of a chunk', () => {
  const chunks = cutEvery(bytesOf('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n'), 18)

  test('[SS4] a listener that throws costs no event', async () => {
    const { client, ended } = givenClient(chunks)
    const heard: unknown[] = []
    const codes: string[] = []
    client.on('message', (data) => {
      heard.push(data)
      throw new Error('mine')
    })
    client.onError(({ code }) => codes.push(code))
    client.connect()
    await ended
    client.close()

    expect(heard).toEqual(['1', '2', '3', '4'])
    expect(codes).toEqual(['listener', 'listener', 'listener', 'listener', 'lost'])
  })

  test('[SS4] data that the codec cannot read costs one event', async () => {
    const { client, ended } = givenClient([bytesOf('data: 1\n\ndata: {\n\ndata: 3\n\n')], json())
    const heard: unknown[] = []
    const codes: string[] = []
    client.on('message', (data) => heard.push(data))
    client.onError(({ code }) => codes.push(code))
    client.connect()
    await ended
    client.close()

    expect(heard).toEqual([1, 3])
    expect(codes).toEqual(['decode', 'lost'])
  })

  test('[SS4] close() in a listener stops the chunk', async () => {
    const { client, environment } = givenClient(chunks)
    const heard: unknown[] = []
    client.on('message', (data) => {
      heard.push(data)
      client.close()
    })
    client.connect()
    await environment.advance(0)

    expect(heard).toEqual(['1'])
  })

  test('[SS4] reconnect() in a listener stops the chunk, and the new stream is read from its start', async () => {
    const { client, ended } = givenClient([bytesOf('data: 1\n\ndata: 2\n\n')])
    const heard: unknown[] = []
    client.on('message', (data) => {
      heard.push(data)
      if (heard.length === 1) client.reconnect()
    })
    client.connect()
    await ended
    client.close()

    expect(heard).toEqual(['1', '1', '2'])
  })

  test('[SS4] an event that is too large leaves nothing of its chunk behind it', async () => {
    const { events, error } = await throughReadEvents([bytesOf('data: 1\n\ndata: 23\n\ndata: 4\n\n')], 1)

    expect(events).toMatchObject([{ data: '1' }])
    expect(codeOf({ events, error })).toBe('too-large')
  })
})

describe('retry', () => {
  test.each([
    ['0', 0],
    ['99999999999', 99_999_999_999],
    ['9'.repeat(400), Infinity],
  ])('[SS4] %s is told as it is by readEvents', async (digits, ms) => {
    const told: number[] = []
    await collect(readEvents(streamOf([bytesOf(`retry: ${digits}\n\n`)]), { onRetry: (retry) => told.push(retry) }))

    expect(told).toEqual([ms])
  })

  test.each(['0', '99999999999', '9'.repeat(400)])('[SS4] %s gives a client no wait that is none', async (digits) => {
    const { state } = await hearAll(() => answerWith(`retry: ${digits}\n\ndata: a\n\n`))
    const wait = state.status === 'waiting' ? state.retryAt - fakeEnvironment().now() : Number.NaN

    expect(wait).toBeGreaterThanOrEqual(200)
    expect(wait).toBeLessThanOrEqual(36_000)
  })
})

describe('comments', () => {
  test('[SS4] without onComment a comment that never ends is nothing, and with it is cut off', async () => {
    const chunks = () => cutEvery(bytesOf(`:${'c'.repeat(20_000)}\ndata: a\n\n`), 1000)

    expect(await throughReadEvents(chunks(), 8)).toMatchObject({ events: [{ data: 'a' }] })
    const { error } = await collect(readEvents(streamOf(chunks()), { maxMessageSize: 8, onComment: () => {} }))
    expect(error).toMatchObject({ code: 'too-large' })
  })

  test('[SS4] half a comment is a sign of life for a client', async () => {
    const environment = fakeEnvironment()
    let feed: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream({
      start: (controller) => {
        feed = controller
      },
    })
    const client = createClient(fetchStream('http://stream.test/', { fetch: async () => answerWith(body) }), {
      environment,
      heartbeat: { idle: 1000, timeout: 500 },
    })
    const codes: string[] = []
    client.onError(({ code }) => codes.push(code))
    client.connect()
    await environment.advance(0)
    for (const part of [':', ' still', ' here']) {
      await environment.advance(1400)
      feed?.enqueue(bytesOf(part))
      await environment.advance(0)
    }
    expect(client.state.status).toBe('open')

    await environment.advance(1600)
    expect(codes).toEqual(['silent'])
    client.close()
  })
})
