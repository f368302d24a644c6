/**
 * The frames of the chat, `{"type": name, "data": payload}` as holdfast's `json()` has them. Reading is where
 * everything that comes from outside is checked: after `readFrame` the room sees only frames of these shapes and
 * sizes.
 */
import { parseFrame, readName } from './frame-fields.ts'

export interface ChatMessage {
  readonly id: string
  readonly from: string
  readonly text: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Made by the sender's page, which recognises its own message by it. */
  readonly key?: string
}

export interface ServerEvents {
  /** The first frame on every connection. `history` holds the newest messages, oldest first. */
  welcome: { readonly id: string; readonly history: readonly ChatMessage[]; readonly people: readonly string[] }
  message: ChatMessage
  /** Answers a message that had arrived before: nobody hears it again, and its sender learns that it is safe. */
  seen: { readonly key: string; readonly id: string }
  typing: { readonly from: string }
  people: readonly string[]
  /** The answer to a ping, for that client alone, with the number that the ping had. */
  pong: number | undefined
}

export type ClientFrame =
  | { readonly type: 'join'; readonly name: string }
  | { readonly type: 'message'; readonly text: string; readonly key?: string }
  | { readonly type: 'typing' }
  /** Asks for a `pong`. */
  | { readonly type: 'ping'; readonly number?: number }

/** Bytes that a frame of the chat may need: 2,000 characters, each written as `\uXXXX`, and the JSON around them. */
export const largestFrame = 16 * 1024

const longestText = 2000
const longestKey = 64

/** `undefined` for whatever is not a frame that a client of the chat would send. */
export function readFrame(raw: string): ClientFrame | undefined {
  const frame = parseFrame(raw)
  if (!frame) return undefined

  const { type, data } = frame
  switch (type) {
    case 'join':
      return readJoin(data)
    case 'message':
      return readMessage(data)
    case 'typing':
      return { type: 'typing' }
    case 'ping':
      return typeof frame.payload === 'number' ? { type: 'ping', number: frame.payload } : { type: 'ping' }
    default:
      return undefined
  }
}

function readJoin(data: Record<string, unknown>): ClientFrame | undefined {
  const name = readName(data.name)
  return name === undefined ? undefined : { type: 'join', name }
}

function readMessage({ text, key }: Record<string, unknown>): ClientFrame | undefined {
  if (typeof text !== 'string' || text.trim() === '' || text.length > longestText) return undefined
  if (key === undefined) return { type: 'message', text }
  if (typeof key !== 'string' || key === '' || key.length > longestKey) return undefined

  return { type: 'message', text, key }
}
