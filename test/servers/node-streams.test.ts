import { get, type IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readEvents, type SseEvent } from '../../src/sse/index.ts'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

const event = (data: string): SseEvent => ({ event: 'message', data, id: '' })

/** A server that streams these bytes one by one and then goes on, ends or breaks off; and its answer, as Node gives it. */
async function givenAnswer(text: string, after: 'open' | 'end' | 'destroy' = 'end') {
  const seen = { gone: false }
  const { origin } = await startLiveServer(
    () => {},
    async (_, response) => {
      response.once('close', () => {
        seen.gone = true
      })
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of Buffer.from(text)) await new Promise((resolve) => response.write(Buffer.of(byte), resolve))
      if (after === 'end') response.end()
      if (after === 'destroy') response.destroy()
    },
  )
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(origin, resolve).once('error', reject))
  return { answer, seen, origin }
}

describe('the answer of a request of Node', () => {
  const text = 'data: é€😀\n\ndata: b\n\n'
  const events = [event('é€😀'), event('b')]

  test('[SS2] is read as bytes, cut anywhere', async () => {
    const { answer } = await givenAnswer(text)

    expect(await collected(answer)).toEqual(events)
  })

  test('[SS2] is read as strings, where it has an encoding', async () => {
    const { answer } = await givenAnswer(text)
    answer.setEncoding('utf8')

    expect(await collected(answer)).toEqual(events)
  })

  test("that breaks off is 'lost' after its events, with the cause", async () => {
    const { answer } = await givenAnswer('data: a\n\ndata: b', 'destroy')
    const heard: SseEvent[] = []
    const loop = async () => {
      for await (const each of readEvents(answer)) heard.push(each)
    }

    await expect(loop()).rejects.toMatchObject({ code: 'lost', cause: { code: 'ECONNRESET' } })
    expect(heard).toEqual([event('a')])
  })

  test('ends at the server when the loop breaks', async () => {
    const { answer, seen } = await givenAnswer('data: a\n\n', 'open')
    for await (const _ of readEvents(answer)) break
    await until('the server sees it', () => seen.gone)

    expect(answer.destroyed).toBe(true)
  })

  test.each(['abort()', 'return()'])('that waits for a chunk ends at the server on %s', async (way) => {
    const { answer, seen } = await givenAnswer('data: a\n\n', 'open')
    const controller = new AbortController()
    const reading = readEvents(answer, { signal: controller.signal })
    await reading.next()
    const waiting = reading.next().catch(() => {})
    await setImmediate()
    if (way === 'abort()') controller.abort()
    else await reading.return?.()
    await waiting

    await until('the server sees it', () => seen.gone)
    expect(seen.gone).toBe(true)
  })

  test('ends at the server when the signal is aborted', async () => {
    const { answer, seen } = await givenAnswer('data: a\n\n', 'open')
    const controller = new AbortController()
    const reading = readEvents(answer, { signal: controller.signal })
    await reading.next()
    const waiting = reading.next()
    controller.abort('mine')

    await expect(waiting).rejects.toBe('mine')
    await until('the server sees it', () => seen.gone)
  })
})

describe('the response of a fetch of Node', () => {
  test("that breaks off is 'lost' after its events, with the cause", async () => {
    const { origin } = await givenAnswer('data: a\n\ndata: b', 'destroy')
    const heard: SseEvent[] = []
    const loop = async () => {
      for await (const each of readEvents(await fetch(origin))) heard.push(each)
    }

    await expect(loop()).rejects.toMatchObject({ code: 'lost', cause: { message: 'terminated' } })
    expect(heard).toEqual([event('a')])
  })

  test("whose own signal is aborted ends with the platform's AbortError", async () => {
    const { origin } = await givenAnswer('data: a\n\n', 'open')
    const controller = new AbortController()
    const reading = readEvents(await fetch(origin, { signal: controller.signal }))
    await reading.next()
    const waiting = reading.next()
    controller.abort()

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('ends at the server when the loop breaks', async () => {
    const { origin, seen } = await givenAnswer('data: a\n\n', 'open')
    for await (const _ of readEvents(await fetch(origin))) break

    await until('the server sees it', () => seen.gone)
    expect(seen.gone).toBe(true)
  })
})

async function collected(source: IncomingMessage): Promise<SseEvent[]> {
  const heard: SseEvent[] = []
  for await (const each of readEvents(source)) heard.push(each)
  return heard
}
