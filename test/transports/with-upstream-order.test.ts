import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { codeThrownBy, over } from '../circumstances.ts'
import { givenPosting, givenUpstream, payload } from './posting.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

afterEach(() => vi.unstubAllGlobals())

describe('one at a time', () => {
  test('[UP1] the second message is posted when the first has its answer, and not before', async () => {
    const { send, answer, posted } = givenPosting()
    await send(1, 2)
    expect(posted()).toEqual([1])
    await answer()

    expect(posted()).toEqual([1, 2])
  })

  test('[UP1] many go out in the order in which they were sent', async () => {
    const { send, posted } = givenPosting({ made: (request) => request.answer(204) })
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    await send(...numbers)

    expect(posted()).toEqual(numbers)
  })

  test("[UP1] `send` says 'sent' of the one that is under way, and 'queued' of the rest", async () => {
    const { send, answer } = givenPosting()
    expect(await send(1, 2, 3)).toEqual(['sent', 'queued', 'queued'])
    await answer()
    await answer()
    await answer()

    expect(await send(4)).toEqual(['sent'])
  })

  test('[UP1][SQ1] what waits for a POST is bounded as what waits for a link', async () => {
    const { send, client, posted } = givenPosting({}, { queue: { maxMessages: 2 } })
    await send(1, 2, 3)

    expect(codeThrownBy(() => client.send('note', 4))).toBe('queue-full')
    expect(posted()).toEqual([1])
  })

  test("[UP1] without a queue `send` throws 'not-open' while a POST is under way, and takes the next one after it", async () => {
    const { send, client, answer, posted } = givenPosting({}, { queue: false })
    await send(1)
    expect(() => client.send('note', 2)).toThrow(
      expect.objectContaining({ code: 'not-open', message: expect.stringContaining('busy') }),
    )
    await answer()
    expect(await send(3)).toEqual(['sent'])

    expect(posted()).toEqual([1, 3])
  })

  test('[UP1][SQ2] what was sent before it connected goes out once it is open, in order', async () => {
    const { client, link, send, posted, settled } = givenUpstream({ made: (request) => request.answer(204) })
    await send(1, 2, 3)
    client.connect()
    await settled()
    expect(posted()).toEqual([])
    link().open()
    await settled()

    expect(posted()).toEqual([1, 2, 3])
  })

  test('[UP1] what is sent from inside an answer waits its turn behind the queue', async () => {
    const { client, send, answer, posted } = givenPosting()
    client.onError(() => client.send('note', 'late'))
    await send(1, 2)
    await answer(403)
    await answer()

    expect(posted()).toEqual([1, 2, 'late'])
  })

  test('[UP1] `drained` resolves when the last message has its answer', async () => {
    const { client, send, answer, environment } = givenPosting()
    let isDrained = false
    await send(1, 2)
    expect(client.bufferedAmount).toBe(2 * '{"type":"note","data":1}'.length)
    client.drained().then(() => {
      isDrained = true
    })
    await answer()
    await environment.advance(1000)
    expect(isDrained).toBe(false)
    await answer()
    await environment.advance(1000)

    expect(isDrained).toBe(true)
  })

  test("[UP1] what is volatile is 'dropped' while a POST is under way", async () => {
    const { client, send, answer, posted, settled } = givenPosting()
    await send(1)
    expect(client.send('note', 2, { volatile: true })).toBe('dropped')
    await answer()
    expect(client.send('note', 3, { volatile: true })).toBe('sent')
    await settled()

    expect(posted()).toEqual([1, 3])
  })

  test('[UP1] clients of one transport do not wait for each other', async () => {
    const { transport, links, send, requests, settled } = givenPosting()
    const { client } = over(transport)
    onTestFinished(() => client.close())
    client.connect()
    links[1]?.open()
    await send(1, 2)
    client.send('note', 'a')
    client.send('note', 'b')
    await settled()
    requests[1]?.answer(204)
    await settled()

    expect(requests.map(payload)).toEqual([1, 'a', 'b'])
  })
})

describe('the key', () => {
  test('[UP1] every message has a random UUID of its own', async () => {
    const { send, keys } = givenPosting({ made: (request) => request.answer(204) })
    await send(...Array(100).keys())

    expect(new Set(keys()).size).toBe(100)
    for (const key of keys()) expect(key).toMatch(uuid)
  })

  test('[UP1] there is one also on a page without https, where there is no `crypto.randomUUID`', async () => {
    const { send, keys } = givenPosting()
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    await send(1)

    expect(keys()).toEqual([expect.stringMatching(uuid)])
  })

  test('[UP1] a repeat has the key of the message that it repeats', async () => {
    const { send, answer, environment, keys, posted } = givenPosting()
    await send(1, 2)
    await answer(503)
    await environment.advance(600)
    await answer()

    expect(posted()).toEqual([1, 1, 2])
    const [first, repeat, second] = keys()
    expect(repeat).toBe(first)
    expect(second).not.toBe(first)
  })

  test('[UP1] one of the headers does not replace it', async () => {
    const { send, keys } = givenPosting({ headers: { 'Idempotency-Key': 'mine' } })
    await send(1)

    expect(keys()).toEqual([expect.stringMatching(uuid)])
  })
})

describe('a change of the receiving link', () => {
  test('[UP1] a POST under way goes on, and the queue with it when a link is open again', async () => {
    const { link, send, answer, posted, environment, request } = givenPosting()
    await send(1, 2)
    link().end()
    expect(request().aborted).toBe(false)
    await environment.advance(600)
    link().open()
    await answer()

    expect(posted()).toEqual([1, 2])
  })

  test('[UP1] one that is answered while there is no link is done, and the rest waits for the link', async () => {
    const { client, link, send, answer, posted, environment } = givenPosting()
    await send(1, 2)
    link().end()
    await answer()
    expect(client.state.status).toBe('waiting')
    expect(posted()).toEqual([1])
    await environment.advance(600)
    link().open()
    await environment.advance(0)

    expect(posted()).toEqual([1, 2])
  })

  test('[UP1] one that waits to be repeated is repeated when a link opens, before anything newer', async () => {
    const { client, link, send, answer, fail, posted, settled } = givenPosting()
    await send(1, 2)
    await fail()
    client.reconnect()
    await settled()
    expect(posted()).toEqual([1])
    link().open()
    await settled()
    expect(posted()).toEqual([1, 1])
    await answer()

    expect(posted()).toEqual([1, 1, 2])
  })

  test('[UP1][BO4] one that the server asked to wait is repeated at its time, whatever opens', async () => {
    const { client, link, send, answer, posted, environment } = givenPosting()
    await send(1)
    await answer(503, { 'retry-after': '20' })
    client.reconnect()
    link().open()
    await environment.advance(20_000)
    expect(posted()).toEqual([1])
    await environment.advance(4000)

    expect(posted()).toEqual([1, 1])
  })

  test('[UP1] one that was asked to wait after it had waited by itself is not repeated sooner, either', async () => {
    const { client, link, send, fail, answer, posted, environment } = givenPosting()
    await send(1)
    await fail()
    await environment.advance(600)
    await answer(503, { 'retry-after': '20' })
    client.reconnect()
    link().open()
    await environment.advance(20_000)

    expect(posted()).toEqual([1, 1])
  })

  test('[UP1] one that is under way is left alone when a link opens', async () => {
    const { client, link, send, fail, posted, environment, request } = givenPosting()
    await send(1)
    await fail()
    await environment.advance(600)
    client.reconnect()
    link().open()
    await environment.advance(0)

    expect(posted()).toEqual([1, 1])
    expect(request().aborted).toBe(false)
  })

  test('[UP1] while the page is frozen, what is under way goes on, and the rest waits', async () => {
    const { client, link, send, answer, posted, environment } = givenPosting()
    await send(1, 2)
    environment.freeze()
    expect(client.state.status).toBe('suspended')
    await answer()
    expect(posted()).toEqual([1])
    environment.resume()
    link().open()
    await environment.advance(0)

    expect(posted()).toEqual([1, 2])
  })
})
