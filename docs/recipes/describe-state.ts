import type { ConnectionState } from 'holdfast'

/** What a visitor should read about the connection. */
export function describeState(state: ConnectionState, now = Date.now()): string {
  switch (state.status) {
    case 'idle':
      return ''
    case 'connecting':
      return state.error ? 'Reconnecting …' : 'Connecting …'
    case 'open':
      return 'Connected'
    case 'waiting':
      return `Connection lost. Trying again in ${Math.max(1, Math.ceil((state.retryAt - now) / 1000))} s`
    case 'suspended':
      return state.reason === 'offline' ? 'You are offline' : 'Paused while this page is not in use'
    case 'closed':
      return state.error?.code === 'unauthorized' ? 'Please sign in again' : 'Disconnected'
  }
}
