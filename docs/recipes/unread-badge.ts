import type { ConnectionState, RealtimeClient } from 'holdfast'

export interface Mail {
  mail: { subject: string }
}

/** Shows how many mails have come, marked '(offline)' while there may be more. */
export function unreadBadge<In extends Mail>(client: RealtimeClient<In>, show: (text: string) => void): void {
  let unread = 0
  const render = (state: ConnectionState) => show(state.status === 'open' ? `${unread}` : `${unread} (offline)`)

  client.on('mail', () => {
    unread += 1
    render(client.state)
  })
  client.onState(render)
}
