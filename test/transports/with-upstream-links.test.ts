import { describe, expect, test, vi } from 'vitest'
import type { Link, Transport } from '../../src/transport.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { linkRequest, recordLink } from '../contract/recorded-link.ts'
import { givenPosting, givenUpstream } from './posting.ts'

describe('what does not wait with the client', () => {
  const hello = { handshake: ({ send }: { send(event: string, data: unknown): void }) => send('hello', 'h') }

  test('[UP1][HS1] a handshake is posted before the queue', async () => {
    const { client, link, send, posted, settled } = givenUpstream({ made: (request) => request.answer(204) }, hello)
    await send(1)
    client.connect()
    link().open()
    await settled()

    expect(posted()).toEqual(['h', 1])
  })

  test('[UP1] what several handshake messages say goes out in their order', async () => {
    const { client, link, posted, settled } = givenUpstream(
      { made: (request) => request.answer(204) },
      {
        handshake: ({ send }) => {
          for (const part of ['a', 'b', 'c']) send('part', part)
        },
      },
    )
    client.connect()
    link().open()
    await settled()

    expect(posted()).toEqual(['a', 'b', 'c'])
  })

  test('[UP1] it waits for a POST that is under way, and goes before the queue', async () => {
    const { client, link, send, answer, posted } = givenPosting({}, hello)
    await send(1, 2)
    await answer()
    expect(posted()).toEqual(['h', 1])
    client.reconnect()
    link().open()
    await answer()
    await answer()

    expect(posted()).toEqual(['h', 1, 'h', 2])
  })

  test('[UP1] what still waits when its link is given up is dropped, and what is under way is not', async () => {
    const { client, link, send, answer, posted, request, settled } = givenPosting({}, hello)
    await settled()
    await answer()
    await send(1)
    client.reconnect()
    link().open()
    client.reconnect()
    expect(request().aborted).toBe(false)
    link().open()
    await answer()
    await answer()

    expect(posted()).toEqual(['h', 1, 'h'])
  })

  test('[UP1][HS1] what waits for its repeat when its link is given up does not keep the next handshake waiting', async () => {
    const { client, link, answer, posted, settled } = givenPosting({}, hello)
    await settled()
    await answer(503, { 'retry-after': '60' })
    client.reconnect()
    link().open()
    await settled()

    expect(posted()).toEqual(['h', 'h'])
  })

  test('[UP1][SQ5] what is under way counts without a link, and drained waits for it', async () => {
    const { client, link, send, answer, settled } = givenPosting()
    const outcomes: string[] = []
    await send(1)
    link().end()
    client.drained().then(() => outcomes.push('drained'))
    await settled()
    expect(client.state.status).toBe('waiting')
    expect(client.bufferedAmount).toBe('{"type":"note","data":1}'.length)
    expect(outcomes).toEqual([])
    await answer()
    client.connect()
    link().open()
    await settled()

    expect(client.bufferedAmount).toBe(0)
    expect(outcomes).toEqual(['drained'])
  })

  test('[UP1] a link that is closed once more does not drop what a later one was handed', async () => {
    const { transport, requests, settled } = givenUpstream({ made: (request) => request.answer(204) })
    const session = { signal: new AbortController().signal, bufferedAmount: 0, report() {}, ready() {} }
    const first = recordLink(transport, { session }).link
    const second = recordLink(transport, { session }).link
    first.send?.('a')
    first.sendUrgent?.('b')
    second.sendUrgent?.('c')
    first.close()
    await settled()

    expect(requests.map(({ init }) => init.body)).toEqual(['a', 'c'])
  })

  test('[UP1][HB1] a probe is posted, behind what is under way', async () => {
    const { send, answer, posted, environment } = givenPosting(
      {},
      { heartbeat: { idle: 1000, timeout: 5000, probe: { event: 'ping', data: 'p' } } },
    )
    await send(1, 2)
    await environment.advance(1000)
    expect(posted()).toEqual([1])
    await answer()

    expect(posted()).toEqual([1, 'p'])
  })
})

describe('what a link tells of it', () => {
  test('[UP1] it is busy while something is under way, and counts the bytes of what it holds', async () => {
    const { transport, requests, settled } = givenUpstream()
    const { link } = recordLink(transport)
    expect(link).toMatchObject({ busy: false, bufferedAmount: 0 })
    link.send?.('é')
    link.send?.(Uint8Array.of(1, 2, 3))
    expect(link).toMatchObject({ busy: true, bufferedAmount: 5 })
    await settled()
    requests[0]?.answer(204)
    await settled()
    expect(link).toMatchObject({ busy: true, bufferedAmount: 3 })
    requests[1]?.answer(204)
    await settled()

    expect(link).toMatchObject({ busy: false, bufferedAmount: 0 })
  })

  test('[UP1] everything else is as the receiving link has it', async () => {
    const listened: string[] = []
    const inner: Link = { isLocal: true, clue: { hint: 'look' }, listen: (event) => listened.push(event), close() {} }
    const { link } = recordLink(withUpstream({ name: 'inner', open: () => inner }, 'http://a.test/'))
    link.listen?.('chat')

    expect([link.isLocal, link.clue, listened]).toEqual([true, { hint: 'look' }, ['chat']])
  })

  test('[UP1] what it tells of its opening reaches the client', () => {
    const inner: Transport = {
      name: 'inner',
      open(_, { opened }) {
        queueMicrotask(() => opened({ transport: 'carrier', protocol: 'v2' }))
        return { close() {} }
      },
    }
    const opened = vi.fn()
    const observer = { opened, received() {}, alive() {}, retryAfter() {}, interrupted() {}, ended() {} }
    withUpstream(inner, 'http://a.test/').open(linkRequest(), observer)

    return vi.waitFor(() => expect(opened.mock.calls).toEqual([[{ transport: 'carrier', protocol: 'v2' }]]), {
      timeout: 20_000,
    })
  })

  test('[UP1][TR3] the code and reason of close reach it', () => {
    const { client, link } = givenPosting()
    client.close(4100, 'signed out')

    expect(link().closedWith).toEqual([4100, 'signed out'])
  })

  test('[UP1] the state names the transport that receives', () => {
    const { client, transport } = givenPosting()

    expect(transport).toMatchObject({ name: 'stream', duplex: true })
    expect(client.state).toMatchObject({ status: 'open', transport: 'stream' })
  })
})
