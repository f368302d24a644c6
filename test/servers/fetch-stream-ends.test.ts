import { describe, expect, test } from 'vitest'
import { until } from '../contract/until.ts'
import { type Asked, connectTo, startStreams, stream } from './streamed.ts'

const pause = { reconnect: { minDelay: 10_000 } }

describe('the server sees the end', () => {
  test.each(['close()', 'reconnect()', 'the signal', 'close() in a listener'])(
    '[FS6] of a stream, after %s',
    async (what) => {
      const server = await startStreams((asked) => stream(asked, 'data: x\n\n'))
      const owner = new AbortController()
      const { client, messages } = connectTo(server.origin, {}, { signal: owner.signal })
      if (what === 'close() in a listener') client.on('message', () => client.close())
      await until('a message', () => messages.length > 0)
      expect(server.asked).toHaveLength(1)
      if (what === 'close()') client.close()
      else if (what === 'reconnect()') client.reconnect()
      else owner.abort()

      await until('the end', () => server.asked[0]?.ended)
    },
  )

  test('[FS6] of a request that it has not answered', async () => {
    const server = await startStreams(() => {})
    const { client } = connectTo(server.origin)
    await until('the request', () => server.asked.length > 0)
    expect(server.asked[0]?.ended).toBe(false)
    client.close()

    await until('the end', () => server.asked[0]?.ended)
  })

  /** Answers that never end by themselves, by what is wrong with them. */
  const endless: Readonly<Record<string, (asked: Asked) => void>> = {
    'a 403': ({ response }) => response.writeHead(403).write('no'),
    'a 500': ({ response }) => response.writeHead(500).write('no'),
    'a 503 with Retry-After': ({ response }) => response.writeHead(503, { 'retry-after': '100' }).write('no'),
    'a page': ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).write('<p>'),
    'an event that is too large': (asked) => stream(asked, `data: ${'x'.repeat(200)}\n\n`),
    'a stream that falls silent': (asked) => stream(asked, ':\n'),
    'an answer that does not come': () => {},
  }

  test.each(Object.keys(endless))('[FS13] of %s', async (what) => {
    const server = await startStreams((asked) => endless[what]?.(asked))
    const { errors } = connectTo(
      server.origin,
      {},
      { ...pause, maxMessageSize: 100, openTimeout: 500, heartbeat: { idle: 50, timeout: 50 } },
    )
    await until('an error', () => errors.length > 0)

    await until('the end', () => server.asked[0]?.ended)
  })

  test('[FS13] of every try but the last, of a server that is down', async () => {
    const server = await startStreams(({ response }) => response.writeHead(503).write('no'))
    connectTo(server.origin)
    await until('thirty tries', () => server.asked.length >= 30)

    await until('the ends', () => server.asked.filter(({ ended }) => !ended).length <= 1)
  })
})

test('[TR3] a policy is not asked about a stream that close() has ended', async () => {
  const server = await startStreams((asked) => stream(asked, 'data: x\n\n'))
  const heard: unknown[] = []
  const { client, messages } = connectTo(server.origin, { whenEnded: (end) => void heard.push(end) })
  await until('a message', () => messages.length > 0)
  client.close()
  await until('the end', () => server.asked[0]?.ended)

  expect(heard).toEqual([])
})

describe('the client sees the end', () => {
  test('[FS5] of a stream that the server ends, and asks again', async () => {
    const server = await startStreams((asked, number) => {
      const response = stream(asked, `data: ${number}\n\n`)
      if (number < 3) response.end()
    })
    const { errors, messages } = connectTo(server.origin)
    await until('three messages', () => messages.length === 3)

    expect(messages).toEqual(['1', '2', '3'])
    expect(errors).toMatchObject([
      { code: 'lost', status: 200 },
      { code: 'lost', status: 200 },
    ])
  })

  test('[FS5][FS7] of a connection that breaks in the middle of an event', async () => {
    const server = await startStreams((asked, number) => {
      const response = stream(asked, `id: ${number}\ndata: ${number}\n\nid: cut\ndata: cut\n`)
      if (number === 1) response.write(':', () => response.destroy())
    })
    const { client, errors, messages } = connectTo(server.origin)
    await until('the second message', () => messages.length === 2)

    expect(messages).toEqual(['1', '2'])
    expect(errors).toMatchObject([{ code: 'lost', status: 200 }])
    expect(server.asked[1]?.headers['last-event-id']).toBe('1')
    expect(client.lastEventId).toBe('2')
  })

  test('[FS2] of a job that is done, by a 204', async () => {
    const server = await startStreams((asked, number) => {
      if (number === 1) stream(asked, 'data: done\n\n').end()
      else asked.response.writeHead(204).end()
    })
    const { client, reached } = connectTo(server.origin)
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'ended', status: 204 } })
    expect(server.asked).toHaveLength(2)
  })

  test('[BO4] of a server that asks to be left alone, by its Retry-After', async () => {
    const server = await startStreams((asked, number) => {
      if (number === 1) asked.response.writeHead(429, { 'retry-after': '1' }).end()
      else stream(asked)
    })
    const { client, errors, reached } = connectTo(server.origin, {}, { reconnect: { minDelay: 20 } })
    await reached('waiting')
    const { retryAt } = client.state as { retryAt: number }
    await reached('open')

    // The platform's timer may be a millisecond early.
    expect(Date.now()).toBeGreaterThanOrEqual(retryAt - 1)
    expect(errors).toMatchObject([{ code: 'unreachable', status: 429, retryAfter: 1000 }])
  })

  test('[FS9] of a line that never ends, while its memory stays bounded', async () => {
    let sent = 0
    const server = await startStreams((asked) => {
      const response = stream(asked, 'data: ')
      const chunk = 'x'.repeat(2 ** 16)
      const write = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
        sent += chunk.length
      }
      response.on('drain', write)
      write()
    })
    const { client, reached } = connectTo(server.origin, {}, { maxMessageSize: 2 ** 20 })
    await reached('closed')
    await until('the end', () => server.asked[0]?.ended)

    expect(client.state).toMatchObject({ error: { code: 'too-large' } })
    // What the sockets in between hold comes on top.
    expect(sent).toBeLessThan(32 * 2 ** 20)
  })

  test('[HB2] not of a stream that brings comments alone', async () => {
    let comments = 0
    const server = await startStreams((asked) => {
      const response = stream(asked)
      const timer = setInterval(() => response.write(':\n', () => (comments += 1)), 20)
      response.once('close', () => clearInterval(timer))
    })
    const { client, errors } = connectTo(server.origin, {}, { heartbeat: { idle: 500, timeout: 500 } })
    await client.opened()
    // Half as long again as silence may last.
    await until('75 comments', () => comments >= 75)

    expect(client.state.status).toBe('open')
    expect(errors).toEqual([])
  })
})
