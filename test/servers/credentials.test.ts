import { describe, expect, onTestFinished, test } from 'vitest'
import { acceptSubprotocolTokens } from '../../docs/recipes/server/accept-subprotocol-tokens.ts'
import { acceptTickets } from '../../docs/recipes/server/accept-tickets.ts'
import { ticketInQuery } from '../../docs/recipes/ticket-in-query.ts'
import { tokenInSubprotocol } from '../../docs/recipes/token-in-subprotocol.ts'
import { tokenUntilRefused } from '../../docs/recipes/token-until-refused.ts'
import { untilWelcomed } from '../../docs/recipes/until-welcomed.ts'
import { type ClientOptions, webSocket } from '../../src/index.ts'
import { codeThrownBy } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

describe('a link that is accepted only to be refused', () => {
  test.for([
    ['a ticket', () => givenTickets({ worthless: 1 })],
    ['a token', () => givenTokens({ tokens: ['dead', 'fresh'] })],
  ] as const)(
    '[HS1] with %s, never is open, and what waits goes out once, on the next one',
    async ([, refusedOnce]) => {
      const { server, client, told } = await refusedOnce()
      client.send('chat', 'before')
      client.connect()
      await client.opened()
      const letIn = server.welcomed.length
      client.send('chat', 'after')
      await until('the last message', () => server.received.some((frame) => frame.includes('after')))

      expect(server.received.map((frame) => JSON.parse(frame).data)).toEqual(['before', 'after'])
      expect(told.statuses).toEqual(['connecting', 'connecting', 'open'])
      expect(told.codes).toEqual(['unauthorized'])
      expect(server.dials).toHaveLength(2)
      expect(letIn).toBe(1)
    },
  )

  test('[SQ4] after the second in a row what waits is dropped, which is told, and nobody takes more', async () => {
    const { server, client, told, reached } = await givenTokens({ tokens: ['dead', 'also dead'] })
    client.send('chat', 'before')
    client.connect()
    await reached('closed')

    expect(told.codes).toEqual(['unauthorized', 'unauthorized', 'aborted'])
    expect(codeThrownBy(() => client.send('chat', 'after'))).toBe('not-open')
    expect(server.received).toEqual([])
  })
})

describe('a ticket in the query', () => {
  test('[TR6] every attempt brings a ticket of its own, and is let in with it', async () => {
    const { server, client, told, reached } = await givenTickets()
    client.connect()
    await reached('open')
    server.welcomed[0]?.close(1012)
    await until('the second socket', () => server.welcomed.length === 2)
    await reached('open')

    expect(new Set(server.dials.map(ticketOf)).size).toBe(2)
    expect(told.codes).toEqual(['lost'])
  })

  test('[WS4] one that was used before is refused, and the client closes after its second try with it', async () => {
    const { server, issue } = await givenTickets()
    const used = `${server.url}?ticket=${issue()}`
    const first = holdClient(webSocket(used), { handshake: untilWelcomed })
    first.client.connect()
    await first.reached('open')

    const second = holdClient(webSocket(used), { handshake: untilWelcomed })
    second.client.connect()
    await second.reached('closed')

    expect(second.client.state).toMatchObject({ error: { code: 'unauthorized', closeCode: 4401, retryable: false } })
    expect(server.dials).toHaveLength(3)
    expect(server.welcomed).toHaveLength(1)
  })

  test('[TR6] who is signed out gets no ticket, dials nothing, and is told so after the second answer', async () => {
    const { server, client, told, reached } = await givenTickets({ status: 401 })
    client.connect()
    await reached('closed')

    expect(told.codes).toEqual(['unauthorized', 'unauthorized'])
    expect(server.dials).toHaveLength(0)
  })

  test('[TR6] a ticket office that is closed is a failed attempt, tried again after a wait', async () => {
    const { server, client, told, reached } = await givenTickets({ status: 503, times: 1 })
    client.connect()
    await reached('open')

    expect(told.errors).toMatchObject([{ code: 'unreachable', status: 503 }])
    expect(told.statuses).toContain('waiting')
    expect(server.welcomed).toHaveLength(1)
  })
})

describe('a token in the subprotocol', () => {
  test('[WS2] it arrives whole, whatever it is made of, and the protocol is what the server chose beside it', async () => {
    const token = 'a/b+c=d e,f"ключ\u{1f511}'
    const { client, reached, seen } = await givenTokens({ tokens: [token] })
    client.connect()
    await reached('open')

    expect(seen).toEqual([token])
    expect(client.state).toMatchObject({ protocol: 'live.v1' })
  })

  test('[WS4] at its expiry the server closes with 4401, and the next attempt, at once, has a fresh one', async () => {
    const { server, client, told, reached, seen } = await givenTokens({ tokens: ['short-lived', 'fresh'] })
    client.connect()
    await until('the second socket', () => server.welcomed.length === 2)
    await reached('open')

    expect(seen).toEqual(['short-lived', 'fresh'])
    expect(told.errors).toMatchObject([{ code: 'unauthorized', closeCode: 4401, closeReason: 'expired' }])
    // Never 'waiting' nor 'closed': there is nothing for a visitor to see.
    expect(told.statuses).toEqual(['connecting', 'open', 'connecting', 'open'])
  })

  test('[WS4] one that never lasts for `stableAfter` closes the client at its second expiry', async () => {
    const { client, told, reached, seen } = await givenTokens({ tokens: ['short-lived', 'short-lived', 'never asked'] })
    client.connect()
    await reached('closed')

    expect(told.errors).toMatchObject([{ closeReason: 'expired' }, { closeReason: 'expired', retryable: false }])
    expect(seen).toEqual(['short-lived', 'short-lived'])
  })

  test('[WS4] a dead one is dialed with exactly twice, and then the client is closed', async () => {
    const { server, client, told, reached, seen } = await givenTokens({ tokens: ['dead', 'also dead', 'never asked'] })
    client.connect()
    await reached('closed')

    expect(client.state).toMatchObject({ error: { code: 'unauthorized', closeCode: 4401, retryable: false } })
    expect(told.codes).toEqual(['unauthorized', 'unauthorized'])
    expect(told.statuses).not.toContain('waiting')
    expect(seen).toEqual(['dead', 'also dead'])
    expect(server.dials).toHaveLength(2)
  })

  test('[WS4] `connect()` after that starts afresh, with a fresh token', async () => {
    const { client, reached, seen } = await givenTokens({ tokens: ['dead', 'also dead', 'fresh'] })
    client.connect()
    await reached('closed')
    client.connect()
    await reached('open')

    expect(seen).toEqual(['dead', 'also dead', 'fresh'])
  })

  test('[WS4] a link that was open for `stableAfter` starts the count of refusals anew', async () => {
    const stableAfter = 30
    const { server, client, told, reached, seen } = await givenTokens(
      { tokens: ['one', 'two', 'three'] },
      { reconnect: { minDelay: 20, stableAfter } },
    )
    client.connect()
    for (const links of [1, 2]) {
      await until('a stable link', () => {
        const { state } = client
        return server.welcomed.length === links && state.status === 'open' && Date.now() - state.openedAt >= stableAfter
      })
      server.welcomed.at(-1)?.close(4401)
    }
    await until('the third socket', () => server.welcomed.length === 3)
    await reached('open')

    expect(seen).toEqual(['one', 'two', 'three'])
    expect(told.codes).toEqual(['unauthorized', 'unauthorized'])
    expect(told.statuses).not.toContain('closed')
  })

  test('[TR6] while a fresh one cannot be had, the refused one is not brought again', async () => {
    const { client, told, reached, seen } = await givenTokens({
      tokens: ['dead', new Error('no token today'), 'fresh'],
    })
    client.connect()
    await until('the fresh token', () => seen.length === 2)
    await reached('open')

    expect(seen).toEqual(['dead', 'fresh'])
    expect(told.codes).toEqual(['unauthorized', 'unreachable'])
  })

  test('one that is good for a year does not end at once', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    onTestFinished(() => void process.off('warning', listen))
    const { server, client, told, reached } = await givenTokens({ tokens: ['good for a year'] })
    client.connect()
    await reached('open')
    client.send('hello')
    await until('the message', () => server.received.length === 1)

    expect(warnings).toEqual([])
    expect(told.codes).toEqual([])
  })
})

interface Office {
  /** The answer to the first `times` requests, instead of a ticket. */
  readonly status?: number
  readonly times?: number
  /** So many tickets, the first ones, are of no use. */
  readonly worthless?: number
}

/** A server with the recipe for tickets, and a client of it. */
async function givenTickets(office: Office = {}) {
  let requests = 0
  let issue = (_user: string): string => ''
  const server = await startLiveServer(
    (http, { welcome }) => {
      issue = acceptTickets(http, welcome)
    },
    (_, response) => {
      requests += 1
      if (office.status && requests <= (office.times ?? Infinity)) response.writeHead(office.status).end()
      else response.end(requests <= (office.worthless ?? 0) ? 'worthless' : issue('Ana'))
    },
  )
  const transport = ticketInQuery(server.url, `${server.origin}/ticket`)
  return { server, issue: () => issue('Ana'), ...holdClient(transport, { handshake: untilWelcomed }) }
}

/** How long the server of the subprotocol recipe takes each token to be good, in milliseconds. Any other is not. */
const lifetimes: Readonly<Record<string, number>> = { 'short-lived': 250, 'good for a year': 365 * 86_400_000 }

/** A server with the recipe for subprotocols, and a client that fetches these tokens, one after another. */
async function givenTokens({ tokens }: { readonly tokens: readonly (string | Error)[] }, options?: ClientOptions) {
  const seen: string[] = []
  const server = await startLiveServer((http, { welcome }) => {
    const expiryOf = (token: string) => {
      seen.push(token)
      return /dead/.test(token) ? undefined : Date.now() + (lifetimes[token] ?? 60_000)
    }
    acceptSubprotocolTokens(http, expiryOf, welcome)
  })
  const left = [...tokens]
  const getToken = tokenUntilRefused(async () => {
    const token = left.shift()
    if (typeof token !== 'string') throw token
    return token
  })
  const transport = tokenInSubprotocol(server.url, getToken)
  return { server, seen, ...holdClient(transport, { handshake: untilWelcomed, ...options }) }
}

function ticketOf({ url = '' }: { readonly url?: string | undefined }): string | null {
  return new URL(url, 'http://localhost').searchParams.get('ticket')
}
