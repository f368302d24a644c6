import { type DuplexTransport, RealtimeError, webSocket } from 'holdfast'

/** A WebSocket whose every dial has a ticket of its own, which `ticketUrl` gives to whoever is signed in. */
export function ticketInQuery(url: string, ticketUrl: string): DuplexTransport {
  return webSocket(async ({ signal }) => {
    const answer = await fetch(ticketUrl, { method: 'POST', signal })
    if (answer.status === 401) throw new RealtimeError('unauthorized', 'Signed out.')
    if (!answer.ok) throw new RealtimeError('unreachable', 'There is no ticket.', { status: answer.status })

    return `${url}?ticket=${encodeURIComponent(await answer.text())}`
  })
}
