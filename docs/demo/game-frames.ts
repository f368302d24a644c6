/** The frames of the game. After `readGameFrame` the world sees only frames of these shapes and sizes. */
import { isCount, isShortText, parseFrame, readName } from './frame-fields.ts'

/** The harbour, in metres. */
export const width = 960
export const height = 540

export interface Place {
  readonly x: number
  readonly y: number
  /** In radians, 0 is east, clockwise. */
  readonly heading: number
}

export interface Lantern {
  readonly id: number
  readonly x: number
  readonly y: number
}

export interface Player extends Place {
  readonly id: number
  readonly name: string
  /** From 0 to 7. */
  readonly colour: number
  readonly score: number
}

export type GameFrame =
  /** The first on every connection. Under the same key a player who was away goes on with the old score. */
  | { readonly type: 'join'; readonly name: string; readonly key: string }
  | ({ readonly type: 'at' } & Place)
  | { readonly type: 'take'; readonly lantern: number }
  | { readonly type: 'ping' }

const longestKey = 64

/** `undefined` for whatever is not a frame that a player's page would send. */
export function readGameFrame(raw: string): GameFrame | undefined {
  const frame = parseFrame(raw)
  const { name, key, x, y, heading, lantern } = frame?.data ?? {}

  switch (frame?.type) {
    case 'ping':
      return { type: 'ping' }
    case 'join': {
      const tidy = readName(name)
      return tidy !== undefined && isShortText(key, longestKey) ? { type: 'join', name: tidy, key } : undefined
    }
    case 'at':
      if (!isWithin(x, 0, width) || !isWithin(y, 0, height) || !isWithin(heading, -Math.PI, Math.PI)) return undefined
      return { type: 'at', x, y, heading }
    case 'take':
      return isCount(lantern, Number.MAX_SAFE_INTEGER) ? { type: 'take', lantern } : undefined
    default:
      return undefined
  }
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}
