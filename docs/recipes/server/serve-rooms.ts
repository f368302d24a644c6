import type { Server } from 'node:http'
import type { RawData } from 'ws'
import { acceptSignIns } from './accept-sign-ins.ts'
import type { numberMessages } from './number-messages.ts'

/** Rooms for those who have signed in. `roomFor` knows the rooms, one log each, and which of them a user may enter. */
export function serveRooms(
  server: Server,
  userOf: (token: unknown) => string | undefined,
  roomFor: (user: string, name: string) => ReturnType<typeof numberMessages> | undefined,
): void {
  acceptSignIns(server, userOf, (socket, user, request, since) => {
    const entered = new Set<unknown>()
    // Each room listens to it.
    socket.setMaxListeners(0)
    socket.on('message', (frame) => {
      const message = messageIn(frame)
      const room = message && roomFor(user, message.data.room)
      if (!room) return
      if (message.type === 'subscribe' && !entered.has(room)) {
        entered.add(room)
        // What this user has missed of it, or 'reset', and then what is said.
        room.serve(socket, request, since)
      }
      const { type, data } = message
      if (type === 'say' && typeof data.text === 'string' && entered.has(room))
        room.publish('said', { user, text: data.text })
    })
  })
}

/** Of anybody's frame: one that threw here would end the process. */
function messageIn(frame: RawData): { type?: unknown; data: { room: string; text?: unknown } } | undefined {
  try {
    const message = JSON.parse(`${frame}`)
    if (typeof message.data.room === 'string') return message
  } catch {}
}
