import { createClient, type DuplexClient, fetchStream, withUpstream } from 'holdfast'

export interface RoomEvents {
  said: { text: string }
}
export interface RoomCommands {
  say: { text: string }
}

/** Listens to a room over an event stream, and says things in it by POST. Both ask for a fresh token where one was refused. */
export function joinRoom(
  room: string,
  getToken: (options: { refresh: boolean }) => Promise<string>,
): DuplexClient<RoomEvents, RoomCommands> {
  const headers = async ({ error }: { error?: { code: string } | undefined }) => ({
    authorization: `Bearer ${await getToken({ refresh: error?.code === 'unauthorized' })}`,
  })
  return createClient<RoomEvents, RoomCommands>(
    withUpstream(fetchStream(`${room}/events`, { headers }), `${room}/messages`, { headers }),
  )
}
