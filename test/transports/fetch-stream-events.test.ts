import { describe, expect, test } from 'vitest'
import { json } from '../../src/codecs/json.ts'
import type { Meta } from '../../src/realtime-client.ts'
import { givenAsked, givenStream } from './streaming.ts'

/** An open stream, and what of its events is heard. */
async function givenHeard(...options: Parameters<typeof givenStream>) {
  const all = await givenStream(...options)
  const heard: [event: string, data: unknown, id: string][] = []
  all.client.onAny((data, { event, id }) => heard.push([event, data, id]))
  return { ...all, heard }
}

describe('an event', () => {
  test('[FS16] it comes with its name, data and the last id, over this transport', async () => {
    const { client, send } = await givenStream({}, { codec: json() })
    const metas: Meta[] = []
    const heard: unknown[] = []
    client.on('price', (data, meta) => {
      heard.push(data)
      metas.push(meta)
    })
    await send('id: 7\nevent: price\ndata: {"a":\ndata: 1}\n\nevent: price\ndata: 2\n\n')

    expect(heard).toEqual([{ a: 1 }, 2])
    expect(metas).toMatchObject([
      { event: 'price', id: '7', transport: 'fetch-stream' },
      { event: 'price', id: '7', transport: 'fetch-stream' },
    ])
  })

  test.each(['error', 'open', 'message', 'close', '__proto__', 'constructor'])(
    "[FS16] one that the server names '%s' is just an event",
    async (event) => {
      const { client, send, errors, statuses, heard } = await givenHeard()
      const own: unknown[] = []
      client.on(event, (data) => own.push(data))
      await send(`event: ${event}\ndata: just data\n\n`)

      expect(own).toEqual(['just data'])
      expect(heard).toEqual([[event, 'just data', '']])
      expect(errors).toEqual([])
      expect(statuses).toEqual(['connecting', 'open'])
    },
  )

  test("[FS16] the transport's own opening and end are no events of that name", async () => {
    const { client, answer, end, environment, heard } = await givenHeard()
    const own: unknown[] = []
    for (const event of ['open', 'error', 'close']) client.on(event, (data) => own.push(data))
    await end()
    await environment.advance(600)
    await answer()

    expect([own, heard]).toEqual([[], []])
  })

  test('[FS7] one that was cut before its blank line is not delivered, and its id not taken', async () => {
    const { client, send, fail, heard } = await givenHeard()
    await send('id: 1\ndata: whole\n\nid: 2\ndata: partial\n')
    await fail()

    expect(heard).toEqual([['message', 'whole', '1']])
    expect(client.lastEventId).toBe('1')
  })

  test.each(['id: 2\ndata: partial', 'id: 2\ndata: partial\n', 'id: 2', 'id: 2\n', 'data: partial\nid: 2\r'])(
    '[FS7] %j at the clean end of a stream is not delivered, and its id not taken',
    async (rest) => {
      const { client, send, end, heard } = await givenHeard()
      await send('id: 1\ndata: whole\n\n')
      for (const char of rest) await send(char)
      await end()

      expect(heard).toEqual([['message', 'whole', '1']])
      expect(client.lastEventId).toBe('1')
    },
  )

  test('[FS7] what was cut is not put before the first event of the next link', async () => {
    const { send, fail, answer, environment, heard } = await givenHeard()
    await send('event: price\ndata: par')
    await fail()
    await environment.advance(600)
    await answer()
    await send('data: tial\n\n')

    expect(heard).toEqual([['message', 'tial', '']])
  })

  test('[FS7] half of a character is not put before the next link either', async () => {
    const { send, fail, answer, environment, heard } = await givenHeard()
    await send(Uint8Array.of(...new TextEncoder().encode('data: '), 0xe4, 0xba))
    await fail()
    await environment.advance(600)
    await answer()
    await send('data: x\n\n')

    expect(heard).toEqual([['message', 'x', '']])
  })
})

describe('an id', () => {
  test('[RS1] it has moved when the listener runs', async () => {
    const { client, send } = await givenStream()
    const seen: string[] = []
    client.on('message', () => seen.push(client.lastEventId))
    await send('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')

    expect(seen).toEqual(['1', '2'])
  })

  test('[RS1][RS2] one without an event counts, and goes out with the next attempt', async () => {
    const { client, send, fail, environment, request, heard } = await givenHeard()
    await send('id: 7\n\n')
    expect(client.lastEventId).toBe('7')
    await fail()
    await environment.advance(600)

    expect(request().headers.get('last-event-id')).toBe('7')
    expect(heard).toEqual([])
  })

  test('[RS1] one without an event that comes after an event of the same chunk counts', async () => {
    const { client, send } = await givenStream()
    await send('id: 7\ndata: x\n\nid: 8\n\n')

    expect(client.lastEventId).toBe('8')
  })

  test('[RS1] it stays for events without one, also on the next link', async () => {
    const { send, fail, answer, environment, heard } = await givenHeard()
    await send('id: 7\ndata: a\n\ndata: b\n\n')
    await fail()
    await environment.advance(600)
    await answer()
    await send('data: c\n\n')

    expect(heard.map(([, , id]) => id)).toEqual(['7', '7', '7'])
  })

  test('[RS1] the id of the option stays until the stream has one', async () => {
    const { client, send, heard } = await givenHeard({}, { lastEventId: '42' })
    await send(': hello\n\ndata: a\n\n')

    expect(heard).toEqual([['message', 'a', '42']])
    expect(client.lastEventId).toBe('42')
  })

  test('[RS1] one with a NUL is none', async () => {
    const { client, send } = await givenStream({}, { lastEventId: '42' })
    await send('id: 4\0\ndata: a\n\n')

    expect(client.lastEventId).toBe('42')
  })
})

describe('a listener that ends the link in the middle of a chunk', () => {
  const chunk = 'id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nretry: 9000\n\nid: 3\n\n'

  test('[FS12] after close() not one more event is delivered, and no later id taken', async () => {
    const { client, send, messages, errors, request, environment } = await givenStream()
    client.on('message', () => client.close())
    await send(chunk)

    expect(messages).toEqual(['1'])
    expect(client.lastEventId).toBe('1')
    expect(client.state).toEqual({ status: 'closed' })
    expect(errors).toEqual([])
    expect(request().live).toBe(false)
    expect(environment.held).toBe(0)
  })

  test('[FS12] after reconnect() the next event is one of the next link', async () => {
    const { client, send, answer, messages, errors, requests } = await givenStream()
    client.on('message', (data) => {
      if (data === '1') client.reconnect()
    })
    await send(chunk)
    expect(messages).toEqual(['1'])
    expect(requests.map(({ live }) => live)).toEqual([false, true])
    expect(requests[1]?.headers.get('last-event-id')).toBe('1')
    await answer()
    await send('data: next\n\n')

    expect(messages).toEqual(['1', 'next'])
    expect(errors).toEqual([])
  })

  test('[FS12] after close() and connect() it is one of the next link as well', async () => {
    const { client, send, answer, messages, requests } = await givenStream()
    client.on('message', (data) => {
      if (data !== '1') return
      client.close()
      client.connect()
    })
    await send(chunk)
    await answer()
    await send('data: next\n\n')

    expect(messages).toEqual(['1', 'next'])
    expect(requests.map(({ live }) => live)).toEqual([false, true])
  })

  test('[FS12] what a link asks for after its end is not taken by the next one', async () => {
    const { client, send, answer, fail, wait } = await givenStream()
    client.on('message', () => client.reconnect())
    await send(chunk)
    await answer()
    await fail()

    expect(wait()).toBe(600)
  })

  test('[FS12] a chunk that was on its way when the client closed is not heard', async () => {
    const { client, environment, request, messages } = await givenStream({ ignoresSignal: true })
    request().send('data: late\n\n')
    client.close()
    await environment.advance(0)

    expect(messages).toEqual([])
  })

  test('[FS12] after close() from a listener of the state, what came with the answer is not heard', async () => {
    const { client, environment, request, messages } = await givenAsked()
    client.onState(({ status }) => status === 'open' && client.close())
    request().answer()
    request().send(chunk)
    await environment.advance(0)

    expect(client.state).toEqual({ status: 'closed' })
    expect(messages).toEqual([])
  })
})
