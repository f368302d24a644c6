import { type DuplexTransport, RealtimeError, webSocket } from 'holdfast'

/** A WebSocket that relies on the session's cookie, and has it renewed when the server refuses it. */
export function cookieSession(url: string, renewUrl: string): DuplexTransport {
  return webSocket(async ({ error, signal }) => {
    if (error?.code === 'unauthorized') {
      const answer = await fetch(renewUrl, { method: 'POST', signal })
      if (answer.status === 401) throw new RealtimeError('unauthorized', 'Signed out.')
      if (!answer.ok) throw new RealtimeError('unreachable', 'Not renewed.', { status: answer.status })
    }
    return url
  })
}
