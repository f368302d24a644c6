import { describe, expect, test } from 'vitest'
import { type ClientOptions, createClient, type Handshake, RealtimeError, text } from '../../src/index.ts'
import {
  type FakeTransport,
  type FakeTransportOptions,
  fakeEnvironment,
  fakeTransport,
} from '../../src/testing/index.ts'
import type { Attempt, Transport } from '../../src/transport.ts'
import { fallback } from '../../src/transports/fallback.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { newest, payloads, rawTransport, say } from '../circumstances.ts'
import { linkRequest, recordLink } from '../contract/recorded-link.ts'
import { fakeFetch } from '../fakes/fake-fetch.ts'
import { givenDemoted, givenFallback } from './falling-back.ts'

describe('one link at a time', () => {
  test('[FB5] one that hangs is closed before the next is opened', async () => {
    const order: string[] = []
    const [first, second] = ['first', 'second'].map((name) =>
      rawTransport({ open: () => order.push(`open ${name}`), close: () => order.push(`close ${name}`) }),
    )
    const environment = fakeEnvironment()
    createClient(fallback([first, second] as never, { storage: false }), { environment }).connect()
    await environment.advance(5000)

    expect(order).toEqual(['open first', 'close first', 'open second'])
  })

  test('[FB5] in every failure, at most one is live', async () => {
    const { client, environment, link, live, nextAttempt } = givenFallback()
    client.connect()
    expect(live()).toEqual(['first'])
    await environment.advance(5000)
    expect(live()).toEqual(['second'])
    link(1).end()
    expect(live()).toEqual(['third'])
    link(2).end()
    expect(live()).toEqual([])
    await nextAttempt()
    link(0).end()
    link(1).open()
    expect(live()).toEqual(['second'])
    client.close()

    expect(live()).toEqual([])
    expect(environment.held).toBe(0)
  })

  test('[FB5][CN2] close while one hangs leaves no timer', async () => {
    const { client, environment, live } = givenFallback()
    client.connect()
    await environment.advance(1)
    client.close()

    expect(live()).toEqual([])
    expect(environment.held).toBe(0)
  })

  test('[FB1] one that was given up is not heard, whatever it says', async () => {
    const raw = rawTransport()
    const attempt = recordLink(fallback([raw, fakeTransport()], { storage: false }))
    const { observer } = newest(raw.links)
    observer.ended(new RealtimeError('unreachable'))
    observer.opened()
    observer.received({ data: 'late' })
    observer.interrupted(new RealtimeError('lost'), 0)
    observer.retryAfter(1)
    observer.ended(new RealtimeError('refused'))

    expect(attempt.reports).toEqual([])
  })

  test('[FB5] one that fails within its own `open` is closed when it has returned', () => {
    const raw = rawTransport({ open: ({ observer }) => observer.ended(new RealtimeError('unreachable')) })
    const second = fakeTransport()
    const attempt = recordLink(fallback([raw, second], { storage: false }))
    second.links[0]?.open()

    expect(raw.links.map(({ closings }) => closings)).toEqual([1])
    expect(attempt.reports).toEqual(['opened'])
    attempt.link.close()
    expect(second.links[0]?.closed).toBe(true)
  })
})

describe('a link of the list', () => {
  test('[FB1] sends over the one that carries, what waited first', async () => {
    const all = givenFallback()
    all.client.send('say', 1)
    all.client.connect()
    all.link(0).end()
    all.link(1).open()
    all.client.send('say', 2)

    expect(payloads(all.link(1).sent)).toEqual([1, 2])
    expect(all.link(0).sent).toEqual([])
  })

  test('[FB1] hears names that got a listener before and after the switch', () => {
    const { client, link } = givenFallback()
    client.on('before', () => {})
    client.connect()
    link(0).end()
    client.on('after', () => {})

    expect(link(1).request.events).toEqual(['before', 'after'])
    expect(link(1).listened).toEqual(['after'])
  })

  test('[FB1][RS2] carries lastEventId over to the next', async () => {
    const { link, nextAttempt } = givenDemoted()
    say(link(1), 'news', 1, '7')
    link(1).end()
    await nextAttempt()
    expect(link(1).request.lastEventId).toBe('7')
    link(1).end()

    expect(link(0).request.lastEventId).toBe('7')
  })

  test('[RS2] its request follows the client', () => {
    const { link } = givenDemoted()
    say(link(1), 'news', 1, '8')

    expect(link(1).request.lastEventId).toBe('8')
  })

  test('[TR3] its close code reaches the one that carries', () => {
    const { client, link } = givenDemoted()
    client.close(4100, 'signed out')

    expect(link(1).closedWith).toEqual([4100, 'signed out'])
  })

  test('[SQ5] its bytes under way are those of the one that carries', () => {
    const { client, link } = givenDemoted()
    link(1).bufferedAmount = 12

    expect(client.bufferedAmount).toBe(12)
  })

  test('[LC1] whether it is local, and what to look at, are those of the one that is tried', () => {
    const link = { isLocal: true, busy: true, clue: { hint: 'look' }, close() {} }
    const transport: Transport = { name: 'local', open: () => link }
    const { link: outer } = recordLink(fallback([transport], { storage: false }))

    expect([outer.isLocal, outer.busy, outer.clue]).toEqual([true, true, { hint: 'look' }])
  })

  test('[ES2] one that the browser restores is not given up', () => {
    const raw = rawTransport()
    const second = fakeTransport()
    const attempt = recordLink(fallback([raw, second], { storage: false }))
    const { observer } = newest(raw.links)
    observer.opened()
    observer.interrupted(new RealtimeError('lost'), 0)
    observer.opened()

    expect(attempt.reports).toEqual(['opened', 'interrupted', 'opened'])
    expect(second.links).toEqual([])
  })

  test('[FB1] a sign of life and a wish for the next wait pass through', () => {
    const raw = rawTransport()
    const told: unknown[] = []
    const ignore = () => {}
    fallback([raw], { storage: false }).open(linkRequest(), {
      opened: ignore,
      received: ignore,
      alive: (id) => told.push(['alive', id]),
      retryAfter: (ms) => told.push(['retryAfter', ms]),
      interrupted: ignore,
      ended: ignore,
    })
    newest(raw.links).observer.alive('7')
    newest(raw.links).observer.retryAfter(5)

    expect(told).toEqual([
      ['alive', '7'],
      ['retryAfter', 5],
    ])
  })
})

describe('what is in the list', () => {
  test('[TR6] providers of every candidate have the same attempt', async () => {
    const asked: Attempt[] = []
    const provide = (attempt: Attempt) => {
      asked.push(attempt)
      throw new RealtimeError('unreachable')
    }
    const list = fallback([webSocket(provide), webSocket(provide)], { storage: false })
    const environment = fakeEnvironment()
    createClient(list, { environment, lastEventId: '5' }).connect()
    await environment.advance(0)

    expect(asked.map(({ attempt, lastEventId, error }) => [attempt, lastEventId, error])).toEqual([
      [1, '5', undefined],
      [1, '5', undefined],
    ])
    expect(asked[0]?.signal).toBe(asked[1]?.signal)
  })

  test('[UP1] an upstream has the session of the client, and its time', async () => {
    const { fetch, requests } = fakeFetch()
    const stream = fakeTransport({ duplex: false })
    const list = fallback([fakeTransport(), withUpstream(stream, 'http://fake.test/up', { fetch })], { storage: false })
    const environment = fakeEnvironment()
    const client = createClient(list, { environment, codec: text() })
    client.connect()
    await environment.advance(5000 + 4000)
    newest(stream.links).open()
    client.send('message', 'one')
    await environment.advance(9999)
    expect(requests.map(({ live }) => live)).toEqual([true])
    await environment.advance(1)
    expect(requests[0]?.live).toBe(false)
    client.close()

    expect(environment.held).toBe(0)
  })

  test('[UP1] a message that is under way survives when the list goes on to another', async () => {
    const { client, goesOn, requests } = givenPosts(streams)
    client.send('message', 'one')
    await goesOn()

    expect(client.state).toMatchObject({ transport: 'b' })
    expect(requests.map(({ live }) => live)).toEqual([true])
    client.close()
  })

  test('[UP1] what is sent when the list has gone on waits for what another has under way', async () => {
    const { client, environment, goesOn, requests, second } = givenPosts([stream, {}])
    client.send('message', 'one')
    client.send('message', 'two')
    await goesOn()
    expect(client.state).toMatchObject({ status: 'open', transport: second.name })
    expect(client.send('message', 'three')).toBe('queued')
    expect(newest(second.links).sent).toEqual([])
    requests[0]?.answer(204)
    await environment.advance(0)

    expect(requests).toHaveLength(1)
    expect(newest(second.links).sent).toEqual(['two', 'three'])
    expect(client.bufferedAmount).toBe(0)
    client.close()
  })

  test.each([
    ['upstream', streams],
    ['socket', [stream, {}]],
  ])('[UP1] what waits to be repeated is repeated when another %s of the list opens', async (_, candidates) => {
    const { client, environment, goesOn, requests } = givenPosts(candidates)
    client.send('message', 'one')
    // The waits for a repeat grow beyond what it takes to go on.
    for (const wait of [0, 600, 1200]) {
      await environment.advance(wait)
      newest(requests).fail()
    }
    await goesOn()
    await environment.advance(0)

    expect(requests.map(({ live }) => live)).toEqual([false, false, false, true])
    client.close()
  })

  test('[UP1] two upstreams of a list make one request at a time', async () => {
    const { client, environment, goesOn, requests } = givenPosts(streams)
    client.send('message', 'one')
    client.send('message', 'two')
    await goesOn()
    await environment.advance(0)
    expect(requests.map(({ init }) => init.body)).toEqual(['one'])
    requests[0]?.answer(204)
    await environment.advance(0)

    expect(requests.map(({ init }) => init.body)).toEqual(['one', 'two'])
    client.close()
    expect(environment.held).toBe(0)
  })

  test('[UP1] what a handshake sends to one upstream waits for the request of another', async () => {
    const handshake = ({ send }: Handshake) => send('message', 'hello')
    const { client, environment, goesOn, requests } = givenPosts(streams, { handshake })
    await goesOn()
    await environment.advance(0)
    expect(requests).toHaveLength(1)
    requests[0]?.answer(204)
    await environment.advance(0)

    expect(requests).toHaveLength(2)
    client.close()
  })

  test('[UP1][HS4] what a handshake has sent on a link of the list that is lost is not repeated by the next', async () => {
    const handshake = ({ send, attempt }: Handshake) => send('message', `hello ${attempt.attempt}`)
    const { client, environment, first, requests } = givenPosts(streams, { handshake })
    await environment.advance(0)
    newest(first.links).end()
    await environment.advance(600)
    newest(first.links).open()
    requests[0]?.answer(503)
    await environment.advance(0)
    requests[1]?.answer(204)
    await environment.advance(5000)

    expect(requests.map(({ init }) => init.body)).toEqual(['hello 1', 'hello 2'])
    client.close()
  })

  test('[SQ5] bytes that one has under way count until they are taken, whichever carries by then', async () => {
    const { client, environment, goesOn, requests } = givenPosts([stream, {}])
    client.send('message', 'one')
    await goesOn()
    expect(client.bufferedAmount).toBe(3)
    requests[0]?.answer(204)
    await environment.advance(0)

    expect(client.bufferedAmount).toBe(0)
    client.close()
  })
})

const stream = { duplex: false }
const streams = ['a', 'b'].map((name) => ({ name, ...stream }))

/** A list of two, of which those that only receive have an upstream. The first has opened. */
function givenPosts(candidates: readonly FakeTransportOptions[], options: ClientOptions = {}) {
  const { fetch, requests } = fakeFetch()
  const [first, second] = candidates.map((one) => fakeTransport(one)) as [FakeTransport, FakeTransport]
  const list = [first, second].map((one) => (one.duplex ? one : withUpstream(one, 'http://fake.test/up', { fetch })))
  const environment = fakeEnvironment()
  const client = createClient(fallback(list, { storage: false }), { environment, codec: text(), ...options })
  client.connect()
  newest(first.links).open()
  return {
    ...{ client, environment, requests, first, second },
    /** It ends, and does not open again: the second does. */
    async goesOn() {
      await environment.advance(0)
      newest(first.links).end()
      await environment.advance(600)
      newest(first.links).end()
      newest(second.links).open()
    },
  }
}
