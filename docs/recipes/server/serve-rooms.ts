import type { Server } from 'node:http'
import type { RawData } from 'ws'
import { acceptSignIns } from './accept-sign-ins.ts'
import type { numberMessages } from './number-messages.ts'

/** Rooms for users who have signed in. `roomFor` returns the log of a room, or `undefined` where this user may not enter it. */
export function serveRooms(
  server: Server,
  userOf: (token: unknown) => string | undefined,
  roomFor: (user: string, name: string) => ReturnType<typeof numberMessages> | undefined,
): void {
  acceptSignIns(server, userOf, (socket, user, request, since) => {
    const entered = new Set<unknown>()
    // Each room adds listeners to the socket: with many rooms Node would warn of a leak.
    socket.setMaxListeners(0)
    socket.on('message', (frame) => {
      const message = messageIn(frame)
      const room = message && roomFor(user, message.data.room)
      if (!room) return
      if (message.type === 'subscribe' && !entered.has(room)) {
        entered.add(room)
        // Sends what this user has missed in the room, or 'reset', and from then on what is said.
        room.serve(socket, request, since)
      }
      const { type, data } = message
      if (type === 'say' && typeof data.text === 'string' && entered.has(room))
        room.publish('said', { user, text: data.text })
    })
  })
}

/** Reads a frame that anybody may have sent: an error thrown here would end the process. */
function messageIn(frame: RawData): { type?: unknown; data: { room: string; text?: unknown } } | undefined {
  try {
    const message = JSON.parse(`${frame}`)
    if (typeof message.data.room === 'string') return message
  } catch {}
}
