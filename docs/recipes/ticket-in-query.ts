import { type DuplexTransport, type Provider, RealtimeError, webSocket } from 'holdfast'
import { withParam } from './with-param.ts'

/** A WebSocket that fetches a new ticket for every dial, from `ticketUrl`, which gives them to users who are signed in. */
export function ticketInQuery(url: Provider<string | URL>, ticketUrl: string): DuplexTransport {
  const withTicket = withParam(url, 'ticket', async ({ signal }) => {
    const answer = await fetch(ticketUrl, { method: 'POST', signal })
    if (answer.status === 401) throw new RealtimeError('unauthorized', 'Signed out.')
    if (!answer.ok) throw new RealtimeError('unreachable', 'There is no ticket.', { status: answer.status })

    return answer.text()
  })
  return webSocket(withTicket)
}
