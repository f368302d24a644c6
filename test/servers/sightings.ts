/** What the servers have seen, by the id that a test has chosen for its peer. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Seen } from '../contract/circumstances.ts'

/** What is noted of one peer. */
export interface Sighting {
  readonly seen: Seen
  /** Notes one dial, and its end. Returns its number, from 1. */
  dial(request: IncomingMessage, ended: { once(event: 'close', listener: () => void): unknown }): number
  received(data: string | Buffer): void
  closed(code: number, reason: string): void
}

export interface Sightings {
  of(id: string): Sighting
}

export function createSightings(): Sightings {
  const byId = new Map<string, Sighting>()
  return {
    of(id) {
      const sighting = byId.get(id) ?? createSighting()
      byId.set(id, sighting)
      return sighting
    },
  }
}

function createSighting(): Sighting {
  const live = new Set<symbol>()
  const received: string[] = []
  const closes: Seen['closes'][number][] = []
  const requests: Seen['requests'][number][] = []

  return {
    get seen() {
      return { dials: requests.length, live: live.size, received, closes, requests }
    },
    dial({ url = '', headers }, ended) {
      const key = Symbol()
      live.add(key)
      ended.once('close', () => live.delete(key))
      return requests.push({ url, headers })
    },
    received(data) {
      received.push(typeof data === 'string' ? data : `bytes ${[...data]}`)
    },
    closed(code, reason) {
      closes.push({ code, reason })
    },
  }
}

/** Lets a socket end when the other side does: those of an HTTP server may stay half open. */
export function endWithPeer(socket: Socket): void {
  socket.on('end', () => socket.end())
  socket.on('error', () => socket.destroy())
  socket.resume()
}
