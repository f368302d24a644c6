/**
 * The switch that takes the realtime connections down while the pages stay served: it knows every open WebSocket and
 * event stream, ends them all at once, and says whether new ones may come in. What a connection carries is not its
 * business.
 */

/** The close code of every WebSocket that it ends: https://www.iana.org/assignments/websocket/websocket.xhtml */
export const serviceRestart = 1012

export type ConnectionKind = 'webSocket' | 'eventStream'

export type SwitchState =
  | { readonly state: 'running' }
  | { readonly state: 'stopped' }
  /** `startsAt` is an epoch time. */
  | { readonly state: 'restarting'; readonly startsAt: number }

/** What `GET /control` answers. */
export type SwitchStatus = SwitchState & { readonly webSockets: number; readonly eventStreams: number }

export interface SocketsSwitch {
  /** False while new connections are to be refused. */
  readonly open: boolean
  readonly status: SwitchStatus
  /** Registers a connection. `end` is called at most once, and not after the returned function. */
  add(kind: ConnectionKind, end: () => void): () => void
  /** Ends every connection and refuses new ones until `start`. */
  stop(): void
  /** Lets connections in again, also before a restart's pause is over. */
  start(): void
  /** `stop`, and `start` after `pause` milliseconds. */
  restart(pause: number): void
}

export function createSocketsSwitch(): SocketsSwitch {
  const connections = new Map<() => void, ConnectionKind>()
  let current: SwitchState = { state: 'running' }
  let timer: NodeJS.Timeout | undefined

  function become(next: SwitchState): void {
    clearTimeout(timer)
    current = next
  }

  function endAll(): void {
    const ends = [...connections.keys()]
    connections.clear()
    for (const end of ends) end()
  }

  function count(kind: ConnectionKind): number {
    return [...connections.values()].filter((each) => each === kind).length
  }

  return {
    get open() {
      return current.state === 'running'
    },

    get status() {
      return { ...current, webSockets: count('webSocket'), eventStreams: count('eventStream') }
    },

    add(kind, end) {
      // A function of its own per connection, so that two that share an `end` stay two.
      const entry = () => end()
      connections.set(entry, kind)
      return () => connections.delete(entry)
    },

    stop() {
      become({ state: 'stopped' })
      endAll()
    },

    start() {
      become({ state: 'running' })
    },

    restart(pause) {
      become({ state: 'restarting', startsAt: Date.now() + pause })
      timer = setTimeout(() => become({ state: 'running' }), pause)
      endAll()
    },
  }
}
