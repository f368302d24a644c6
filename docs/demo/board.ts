/**
 * The board on which several people move boats: where each boat lies, and who hears of it. It keeps this in the memory of the
 * process: after a restart the boats lie where they began.
 */
import { isRecord } from './frame-fields.ts'
import type { Send } from './frame-socket.ts'
import type { JsonPeer } from './json-socket.ts'

/** In percent of the board, from its top left corner. */
export interface Place {
  readonly x: number
  readonly y: number
}

export interface Board {
  /** Tells a new connection where the boats are, and lets it move them. */
  enter(send: Send): JsonPeer
}

const firstPlaces: Readonly<Record<string, Place>> = {
  Marianne: { x: 18, y: 25 },
  Halcyon: { x: 45, y: 20 },
  Kittiwake: { x: 75, y: 30 },
  'Old Tom': { x: 25, y: 70 },
  'Nora B': { x: 65, y: 75 },
}

export function createBoard(): Board {
  const boats = new Map(Object.entries(firstPlaces))
  const everybody = new Set<Send>()
  let visitors = 0

  function tellOthers(except: Send, type: string, data: unknown): void {
    for (const send of everybody) if (send !== except) send(type, data)
  }

  return {
    enter(send) {
      visitors += 1
      const who = `Skipper ${visitors}`
      everybody.add(send)
      send('board', { you: who, boats: [...boats].map(([name, place]) => ({ name, ...place })) })

      return {
        receive(type, data) {
          const place = readPlace(data)
          if (!place || !isRecord(data)) return

          if (type === 'pointer') tellOthers(send, 'pointer', { who, ...place })
          if (type === 'move' && typeof data.name === 'string' && boats.has(data.name)) {
            boats.set(data.name, place)
            tellOthers(send, 'moved', { who, name: data.name, ...place })
          }
        },

        leave() {
          everybody.delete(send)
          tellOthers(send, 'left', { who })
        },
      }
    },
  }
}

function readPlace(data: unknown): Place | undefined {
  if (!isRecord(data)) return undefined
  const { x, y } = data
  return isPercent(x) && isPercent(y) ? { x, y } : undefined
}

function isPercent(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100
}
