import { createClient, type DuplexClient, fetchStream, withUpstream } from 'holdfast'

export interface RoomEvents {
  said: { text: string }
}
export interface RoomCommands {
  say: { text: string }
}

/** Listens to a room over an event stream, and says things in it by POST. After a refusal, either asks for a fresh token. */
export function joinRoom(
  roomUrl: string,
  getToken: (options: { refresh: boolean }) => Promise<string>,
): DuplexClient<RoomEvents, RoomCommands> {
  const headers = async ({ error }: { error?: { code: string } | undefined }) => ({
    authorization: `Bearer ${await getToken({ refresh: error?.code === 'unauthorized' })}`,
  })
  return createClient<RoomEvents, RoomCommands>(
    withUpstream(fetchStream(`${roomUrl}/events`, { headers }), `${roomUrl}/messages`, { headers }),
  )
}
