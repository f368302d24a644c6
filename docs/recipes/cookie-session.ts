import { type DuplexTransport, RealtimeError, webSocket } from 'holdfast'

/** A WebSocket that relies on the session's cookie, and has it renewed when the server refuses it. */
export function cookieSession(url: string, renewUrl: string): DuplexTransport {
  let isStale = false

  return webSocket(async ({ error, signal }) => {
    // Stays true until it was renewed: the attempt after a failed renewal has that failure as its `error`.
    isStale ||= error?.code === 'unauthorized'
    if (isStale) {
      const answer = await fetch(renewUrl, { method: 'POST', signal })
      if (answer.status === 401) throw new RealtimeError('unauthorized', 'Signed out.')
      if (!answer.ok) throw new RealtimeError('unreachable', 'Not renewed.', { status: answer.status })
    }
    isStale = false
    return url
  })
}
