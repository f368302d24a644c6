/**
 * The switch that takes the realtime connections down, or freezes them, while the pages stay served: it knows every open
 * WebSocket and event stream, ends them all at once, and says whether new ones may come in. What a connection carries is not its
 * business.
 */
import type { Duplex } from 'node:stream'

export type ConnectionKind = 'webSocket' | 'eventStream'

export type SwitchState =
  | { readonly state: 'running' }
  | { readonly state: 'stopped' }
  /** Connections stay, and nothing comes in or goes out, as with a process that hangs. */
  | { readonly state: 'frozen' }
  /** `startsAt` is an epoch time. */
  | { readonly state: 'restarting'; readonly startsAt: number }

/** What `GET /control` answers. */
export type SwitchStatus = SwitchState & { readonly webSockets: number; readonly eventStreams: number }

export interface SocketsSwitch {
  readonly status: SwitchStatus
  /**
   * Lets a request in by calling `serve`: at once, or, while frozen, when that is over. While stopped or restarting its socket is
   * destroyed. Returns a function to call when the request is over.
   */
  admit(socket: Duplex, serve: () => void): () => void
  /**
   * Registers a connection. Returns a function that removes it again, and tells whether it was still registered. `end` is called at
   * most once, and not after that.
   */
  add(kind: ConnectionKind, end: () => void): () => boolean
  /** Ends every connection and refuses new ones until `start`. */
  stop(): void
  /** Lets connections in again, also before a restart's pause is over, and those that were frozen go on. */
  start(): void
  /** Keeps every connection, but neither reads nor writes, until `start`, `stop` or `restart`. Without effect unless 'running'. */
  freeze(): void
  /** `stop`, and `start` after `pause` milliseconds. */
  restart(pause: number): void
}

export function createSocketsSwitch(): SocketsSwitch {
  const connections = new Map<() => void, ConnectionKind>()
  const admitted = new Set<Duplex>()
  /** Requests that came while it was frozen: their sockets, and what serves them. */
  const held = new Map<Duplex, () => void>()
  let current: SwitchState = { state: 'running' }
  let timer: NodeJS.Timeout | undefined

  function become(next: SwitchState): void {
    clearTimeout(timer)
    const wasFrozen = current.state === 'frozen'
    current = next
    if (wasFrozen) thaw()
  }

  function thaw(): void {
    for (const socket of admitted) {
      socket.uncork()
      socket.resume()
    }
    const waiting = [...held]
    held.clear()
    for (const [socket, serve] of waiting) enter(socket, serve)
  }

  function enter(socket: Duplex, serve: () => void): void {
    if (current.state === 'frozen') held.set(socket, serve)
    else if (current.state === 'running') {
      admitted.add(socket)
      serve()
    } else socket.destroy()
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
    get status() {
      return { ...current, webSockets: count('webSocket'), eventStreams: count('eventStream') }
    },

    admit(socket, serve) {
      enter(socket, serve)
      return () => {
        admitted.delete(socket)
        held.delete(socket)
      }
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

    freeze() {
      if (current.state !== 'running') return

      become({ state: 'frozen' })
      for (const socket of admitted) {
        socket.pause()
        // What is written from now on is kept, and sent after as many calls of `uncork` as of `cork`.
        socket.cork()
      }
    },

    restart(pause) {
      become({ state: 'restarting', startsAt: Date.now() + pause })
      timer = setTimeout(() => become({ state: 'running' }), pause)
      endAll()
    },
  }
}
