/**
 * What the tabs hear over the one link that they share: a bell that strikes again and again, what one of them says, and how many
 * connections there are. Bells and words have numbers, and the newest are kept for a link that takes over from another one. They
 * are kept in the memory of the process: after a restart numbers begin at 1 again, in ids that begin with another `series`.
 */
import { randomUUID } from 'node:crypto'
import { isRecord } from './frame-fields.ts'
import type { Send } from './frame-socket.ts'
import type { JsonPeer } from './json-socket.ts'

export interface TabsRoom {
  /** Lets in a connection whose last id was `since`, `''` where it had none. */
  enter(since: string, send: Send): JsonPeer
}

interface Entry {
  readonly type: 'bell' | 'said'
  readonly data: unknown
}

const mostKept = 1000
const longestText = 500

export function createTabsRoom(interval: number): TabsRoom {
  const series = randomUUID().slice(0, 8)
  const kept = new Map<number, Entry>()
  const keys = new Set<string>()
  const everybody = new Set<Send>()
  let newest = 0
  let total = 0
  let bell: NodeJS.Timeout | undefined

  function publish(entry: Entry): void {
    newest += 1
    kept.set(newest, entry)
    kept.delete(newest - mostKept)
    for (const send of everybody) tell(send, newest, entry)
  }

  function tell(send: Send, number: number, { type, data }: Entry): void {
    send(type, data, `${series}-${number}`)
  }

  function tellConnections(): void {
    for (const send of everybody) send('connections', { now: everybody.size, total })
  }

  /** The tab that takes over the link sends again what the one before did not confirm: a repeat is known by its key. */
  function say(data: unknown): void {
    const { key, from, text } = isRecord(data) ? data : {}
    if (typeof key !== 'string' || typeof from !== 'string' || typeof text !== 'string') return
    if (key.length > 64 || from.length > 40 || text.trim() === '' || text.length > longestText || keys.has(key)) return

    keys.add(key)
    const [oldest] = keys
    if (oldest !== undefined && keys.size > mostKept) keys.delete(oldest)
    publish({ type: 'said', data: { from, text } })
  }

  return {
    enter(since, send) {
      const [givenSeries, number] = since.split('-')
      const last = givenSeries === series ? Number(number) : newest
      total += 1
      send('welcome', { series })
      for (const [each, entry] of kept) if (each > last) tell(send, each, entry)
      everybody.add(send)
      tellConnections()
      bell ??= setInterval(() => publish({ type: 'bell', data: { at: Date.now() } }), interval)

      return {
        receive(type, data) {
          if (type === 'say') say(data)
          // A tab that joins a link which is open already has missed the last `connections`.
          if (type === 'count') tellConnections()
        },

        leave() {
          everybody.delete(send)
          tellConnections()
          if (everybody.size > 0) return
          clearInterval(bell)
          bell = undefined
        },
      }
    },
  }
}
