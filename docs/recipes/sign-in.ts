import { type Attempt, type Handshake, RealtimeError } from 'holdfast'

/** A handshake that signs in, waits for the answer, and then subscribes to all rooms again. `since` tells the server where to resume. */
export function signIn(getToken: (attempt: Attempt) => Promise<string>, rooms: ReadonlySet<string>) {
  return async ({ attempt, send, next }: Handshake): Promise<void> => {
    const token = await getToken(attempt)
    send('sign-in', { token, since: attempt.lastEventId })
    const { ok } = (await next('sign-in')) as { ok: boolean }
    if (!ok) throw new RealtimeError('unauthorized', 'The server refused the token.')

    for (const room of rooms) send('subscribe', { room })
  }
}
