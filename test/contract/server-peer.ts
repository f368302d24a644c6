/** One peer of the real servers, for browsers and for Node alike. */
import type { ErrorCode } from '../../src/errors.ts'
import type { Provider, Transport } from '../../src/transport.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import type { Origins } from '../servers/start-servers.ts'
import type { Circumstance, Circumstances, Ending, Facts, Seen } from './circumstances.ts'

export interface ServerPeer {
  /** `http:`, also for WebSockets. */
  readonly url: string
  seen(): Promise<Seen>
}

/** A peer of its own at this path, for this test alone. */
export function serverPeer({ peers, control }: Origins, path: string, query: Record<string, string> = {}): ServerPeer {
  const id = crypto.randomUUID()
  return {
    url: `${peers}${path}?${new URLSearchParams({ id, ...query })}`,
    async seen() {
      const answer = await fetch(`${control}/seen?id=${id}`)
      return (await answer.json()) as Seen
    },
  }
}

type Make = (url: Provider<string>) => Transport

/** WebSocket peers. `throwing` makes a transport whose platform's constructor throws. */
export function webSocketServers(origins: Origins, make: Make, throwing: (cause: unknown) => Transport): Circumstances {
  const at = circumstancesAt(origins, make)
  const unreachable = { code: 'unreachable', closeCode: 1006, closeReason: '', wasClean: false } as const

  return {
    accepts: () => at('/ws/echo'),
    refusals: {
      'answers 403': () => at('/ws/refuse', { status: '403' }, unreachable),
      'answers 200': () => at('/ws/refuse', { status: '200' }, unreachable),
      'breaks the connection': () => at('/ws/break', {}, unreachable),
    },
    hangs: () => at('/ws/hang'),
    sends: (frames) => at('/ws/frames', { frames: JSON.stringify(frames) }),
    endsAfter: (frames) =>
      at(
        '/ws/frames',
        { frames: JSON.stringify(frames), code: '4002', reason: 'so long' },
        { code: 'lost', closeCode: 4002, closeReason: 'so long', wasClean: true },
      ),
    throws: throwing,
    tellsCloseCode: true,
  }
}

export function eventStreamServers(
  origins: Origins,
  make: Make,
  throwing: (cause: unknown) => Transport,
): Circumstances {
  const at = circumstancesAt(origins, make)
  const unreachable = { code: 'unreachable' } as const

  return {
    accepts: () => at('/sse/frames'),
    refusals: {
      'answers 500': () => at('/sse/status', { code: '500' }, unreachable),
      'answers 401': () => at('/sse/status', { code: '401' }, unreachable),
      'answers 204': () => at('/sse/status', { code: '204' }, unreachable),
      'answers with a page': () => at('/sse/wrong-type', {}, unreachable),
      'breaks the connection': () => at('/sse/break', {}, unreachable),
    },
    hangs: () => at('/sse/hang'),
    sends: (frames) => at('/sse/frames', { frames: JSON.stringify(frames) }),
    endsAfter: (frames) => at('/sse/frames', { frames: JSON.stringify(frames), end: '1' }, { code: 'lost' }),
    throws: throwing,
    tellsCloseCode: false,
  }
}

/** The same peers, of whose answers `fetchStream` sees more. */
export function fetchStreamServers(origins: Origins, make: Make): Circumstances {
  const at = circumstancesAt(origins, make)
  const throwing = (cause: unknown) =>
    fetchStream('http://127.0.0.1/', {
      fetch() {
        throw cause
      },
    })
  const answers = (code: ErrorCode, status: number) => () => at('/sse/status', { code: `${status}` }, { code, status })

  return {
    ...eventStreamServers(origins, make, throwing),
    refusals: {
      'answers 500': answers('unreachable', 500),
      'answers 429': answers('unreachable', 429),
      'breaks the connection': () => at('/sse/break', {}, { code: 'unreachable' }),
    },
    dismissals: {
      'answers 204': answers('ended', 204),
      'answers 403': answers('refused', 403),
      'answers 401, twice,': answers('unauthorized', 401),
      'answers with a page': () => at('/sse/wrong-type', {}, { code: 'not-a-stream', status: 200 }),
    },
    endsAfter: (frames) =>
      at('/sse/frames', { frames: JSON.stringify(frames), end: '1' }, { code: 'lost', status: 200 }),
  }
}

interface CircumstanceAt {
  (path: string, query?: Record<string, string>): Circumstance
  (path: string, query: Record<string, string>, facts: Facts): Ending
}

function circumstancesAt(origins: Origins, make: Make): CircumstanceAt {
  function at(path: string, query?: Record<string, string>): Circumstance
  function at(path: string, query: Record<string, string>, facts: Facts): Ending
  function at(path: string, query: Record<string, string> = {}, facts?: Facts): Circumstance {
    const { url, seen } = serverPeer(origins, path, query)
    const provided: Circumstance['provided'] = (provide) => make((attempt) => provide(url, attempt))
    return { transport: make(url), provided, seen, ...(facts && { facts }) }
  }
  return at
}
