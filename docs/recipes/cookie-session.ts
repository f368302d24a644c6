import { type DuplexTransport, type Provider, RealtimeError, webSocket } from 'holdfast'

/** A WebSocket that relies on the session's cookie. After a refusal it has the session renewed before the next dial. */
export function cookieSession(url: Provider<string | URL>, renewUrl: string): DuplexTransport {
  return webSocket(async (attempt) => {
    if (attempt.error?.code === 'unauthorized') {
      const answer = await fetch(renewUrl, { method: 'POST', signal: attempt.signal })
      if (answer.status === 401) throw new RealtimeError('unauthorized', 'Signed out.')
      if (!answer.ok) throw new RealtimeError('unreachable', 'Not renewed.', { status: answer.status })
    }
    return typeof url === 'function' ? url(attempt) : url
  })
}
