import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/errors.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest } from '../../src/transport.ts'
import { newest, over, payloads } from '../circumstances.ts'

/** A link that takes one frame, and then no more until the test says so. */
interface BusyLink {
  readonly request: LinkRequest
  readonly observer: LinkObserver
  readonly sent: string[]
  busy: boolean
}

function givenBusyLinks(options: Parameters<typeof over>[1] = {}) {
  const links: BusyLink[] = []
  const transport: DuplexTransport = {
    name: 'busy',
    duplex: true,
    open(request, observer): Link {
      const own: BusyLink = { request, observer, sent: [], busy: false }
      links.push(own)
      return {
        get busy() {
          return own.busy
        },
        send(frame) {
          own.sent.push(String(frame))
          own.busy = true
        },
        close() {},
      }
    },
  }
  const all = { ...over(transport, options), links, link: () => newest(links) }
  all.client.connect()
  return all
}

function givenOpen(options?: Parameters<typeof givenBusyLinks>[0]) {
  const all = givenBusyLinks(options)
  all.link().observer.opened()
  return all
}

/** It has done with the frame it had. */
function free(link: BusyLink): void {
  link.busy = false
  link.request.session?.ready()
}

describe('a link that is busy', () => {
  test('[UP1] keeps messages in the queue until it is ready, and takes them one by one', () => {
    const { client, link } = givenOpen()
    expect([1, 2, 3].map((data) => client.send('note', data))).toEqual(['sent', 'queued', 'queued'])
    expect(payloads(link().sent)).toEqual([1])
    free(link())
    expect(payloads(link().sent)).toEqual([1, 2])
    free(link())

    expect(payloads(link().sent)).toEqual([1, 2, 3])
  })

  test('[UP1] takes what a handshake sends all the same', () => {
    const { link } = givenOpen({
      handshake({ send }) {
        send('hello', 1)
        send('hello', 2)
      },
    })

    expect(payloads(link().sent)).toEqual([1, 2])
  })

  test('[UP1][HB1] takes a probe all the same', async () => {
    const { client, link, environment } = givenOpen({ heartbeat: { idle: 1000, probe: { event: 'ping', data: 'p' } } })
    client.send('note', 1)
    await environment.advance(1000)

    expect(payloads(link().sent)).toEqual([1, 'p'])
  })

  test('[UP1] that is ready while the client is not open takes nothing', () => {
    const { client, links, link } = givenOpen()
    client.send('note', 1)
    client.send('note', 2)
    link().observer.ended(new RealtimeError('lost'))
    free(links[0] as BusyLink)

    expect(client.state.status).toBe('waiting')
    expect(payloads(link().sent)).toEqual([1])
  })
})

describe('a session', () => {
  test('[UP1] is the same for every link until the client is closed', () => {
    const { client, links, link } = givenOpen()
    client.reconnect()
    link().observer.opened()
    const signals = links.map(({ request }) => request.session?.signal)

    expect(new Set(signals).size).toBe(1)
    expect(signals[0]?.aborted).toBe(false)
  })

  test.each<[string, (all: ReturnType<typeof givenOpen>) => void]>([
    ['open', () => {}],
    ['connecting', ({ client }) => client.reconnect()],
    ['waiting', ({ link }) => link().observer.ended(new RealtimeError('lost'))],
    ['suspended', ({ environment }) => environment.freeze()],
  ])('[UP3] ends when the client is closed while %s', (status, act) => {
    const all = givenOpen()
    act(all)
    expect(all.client.state.status).toBe(status)
    expect(all.links[0]?.request.session?.signal.aborted).toBe(false)
    all.client.close()

    expect(all.links[0]?.request.session?.signal.aborted).toBe(true)
  })

  test('[UP3] ends when an error closes the client', () => {
    const { link } = givenOpen()
    link().observer.ended(new RealtimeError('refused'))

    expect(link().request.session?.signal.aborted).toBe(true)
  })

  test('[UP3] is another one after close and connect', () => {
    const { client, links } = givenOpen()
    client.close()
    client.connect()

    expect(links.map(({ request }) => request.session?.signal.aborted)).toEqual([true, false])
  })

  test('[UP3] that is ended by close, and connected again from within, leaves a live one', () => {
    const { client, link, links } = givenOpen()
    link().request.session?.signal.addEventListener('abort', () => client.connect())
    client.close()

    expect(client.state.status).toBe('connecting')
    expect(links.map(({ request }) => request.session?.signal.aborted)).toEqual([true, false])
  })

  test('[UP2] tells an error to onError, and the link stays', () => {
    const { client, link, told } = givenOpen()
    const error = new RealtimeError('refused', 'Not this one.')
    link().request.session?.report(error)

    expect(told.errors).toEqual([error])
    expect(client.state.status).toBe('open')
  })
})
