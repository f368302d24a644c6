/**
 * The chat room: who is there, what was said, and who hears it. It takes checked frames and gives events, and knows
 * nothing of sockets. It keeps all this in the memory of the process: after a restart the room is empty.
 */
import { randomUUID } from 'node:crypto'
import type { ChatMessage, ClientFrame, ServerEvents } from './chat-frames.ts'

export type Tell = <E extends keyof ServerEvents>(event: E, data: ServerEvents[E]) => void

export interface Visitor {
  receive(frame: ClientFrame): void
  /** Idempotent. Nothing is told to this visitor, or taken from it, afterwards. */
  leave(): void
}

export interface ChatRoom {
  /** Welcomes a new connection, which may listen before it joins with a name. */
  enter(tell: Tell): Visitor
}

interface Guest {
  readonly tell: Tell
  name: string | undefined
}

const historySize = 50
const rememberedKeys = 1000

export function createChatRoom(): ChatRoom {
  const guests = new Set<Guest>()
  const history: ChatMessage[] = []
  const idsByKey = new Map<string, string>()
  // Part of every id: a restarted process counts from 1 again, and its first messages must not look like old ones.
  const series = randomUUID().slice(0, 8)
  let newest = 0

  function people(): string[] {
    const names = new Set<string>()
    for (const { name } of guests) if (name !== undefined) names.add(name)
    return [...names].sort((a, b) => a.localeCompare(b, 'en'))
  }

  function tellAll<E extends keyof ServerEvents>(event: E, data: ServerEvents[E], except?: Guest): void {
    for (const guest of guests) if (guest !== except) guest.tell(event, data)
  }

  function remember(message: ChatMessage): void {
    history.push(message)
    if (history.length > historySize) history.shift()

    if (message.key === undefined) return
    idsByKey.set(message.key, message.id)
    const [oldest] = idsByKey.keys()
    if (oldest !== undefined && idsByKey.size > rememberedKeys) idsByKey.delete(oldest)
  }

  function say(guest: Guest, from: string, { text, key }: { readonly text: string; readonly key?: string }): void {
    const knownId = key === undefined ? undefined : idsByKey.get(key)
    if (key !== undefined && knownId !== undefined) {
      guest.tell('seen', { key, id: knownId })
      return
    }

    newest += 1
    const message: ChatMessage = {
      id: `${series}-${newest}`,
      from,
      text,
      at: Date.now(),
      ...(key !== undefined && { key }),
    }
    remember(message)
    tellAll('message', message)
  }

  return {
    enter(tell) {
      const guest: Guest = { tell, name: undefined }

      guests.add(guest)
      tell('welcome', { id: randomUUID(), history: [...history], people: people() })

      function join(name: string): void {
        guest.name = name
        tellAll('people', people())
      }

      return {
        receive(frame) {
          if (!guests.has(guest)) return
          if (frame.type === 'ping') return tell('pong', frame.number)
          if (frame.type === 'join') return join(frame.name)

          // A guest without a name may listen, but is not heard.
          if (guest.name === undefined) return
          if (frame.type === 'message') say(guest, guest.name, frame)
          else tellAll('typing', { from: guest.name }, guest)
        },

        leave() {
          if (guests.delete(guest) && guest.name !== undefined) tellAll('people', people())
        },
      }
    },
  }
}
