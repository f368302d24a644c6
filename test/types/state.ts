/** The states of a connection. */
import type { ConnectionState, RealtimeError } from 'holdfast'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

/** Every status, without a default: a new one would be an error here. */
export function stateNarrows(state: ConnectionState): string {
  // @ts-expect-error only an open one has it
  state.openedAt.toFixed()

  switch (state.status) {
    case 'idle':
      return state.status
    case 'connecting':
      // @ts-expect-error only a waiting one has it
      state.retryAt.toFixed()
      return `${state.attempt.toFixed()} ${state.error?.code}`
    case 'open':
      return `${state.transport.trim()} ${state.openedAt.toFixed()}`
    case 'waiting':
      return `${state.attempt.toFixed()} ${state.retryAt.toFixed()} ${state.error.code}`
    case 'suspended':
      isTrue<Same<typeof state.reason, 'offline' | 'hidden' | 'frozen'>>()
      return `${state.reason} ${state.error?.code}`
    case 'closed':
      // @ts-expect-error a plain close has no error
      state.error.code.trim()
      return state.error?.message ?? ''
  }
}

export function statesAreReplaced(state: ConnectionState): void {
  // @ts-expect-error they do not change
  state.status = 'idle'
}

// @ts-expect-error there is no such status
export const misspelt: ConnectionState['status'] = 'opened'

/** All there is to know of each, apart from what may be added to it. */
export function statesAreExact(): void {
  type Of<Status extends ConnectionState['status']> = Extract<ConnectionState, { status: Status }>
  isTrue<Same<ConnectionState['status'], 'idle' | 'connecting' | 'open' | 'waiting' | 'suspended' | 'closed'>>()
  isTrue<Same<Pick<Of<'idle'>, 'status'>, { readonly status: 'idle' }>>()
  isTrue<
    Same<
      Pick<Of<'connecting'>, 'status' | 'attempt' | 'error'>,
      { readonly status: 'connecting'; readonly attempt: number; readonly error?: RealtimeError }
    >
  >()
  isTrue<
    Same<
      Pick<Of<'open'>, 'status' | 'transport' | 'openedAt'>,
      { readonly status: 'open'; readonly transport: string; readonly openedAt: number }
    >
  >()
  isTrue<
    Same<
      Pick<Of<'waiting'>, 'status' | 'attempt' | 'retryAt' | 'error'>,
      { readonly status: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly error: RealtimeError }
    >
  >()
  isTrue<
    Same<
      Pick<Of<'suspended'>, 'status' | 'reason' | 'error'>,
      {
        readonly status: 'suspended'
        readonly reason: 'offline' | 'hidden' | 'frozen'
        readonly error?: RealtimeError
      }
    >
  >()
  isTrue<Same<Pick<Of<'closed'>, 'status' | 'error'>, { readonly status: 'closed'; readonly error?: RealtimeError }>>()
}

export function everyStateIsReplaced(state: ConnectionState): void {
  if (state.status === 'open') {
    // @ts-expect-error a state does not change
    state.openedAt = 0
  }
  if (state.status === 'waiting') {
    // @ts-expect-error a state does not change
    state.retryAt += 1000
  }
  if (state.status === 'closed') {
    // @ts-expect-error without an error there is none, not one that is undefined
    const closed: ConnectionState = { status: 'closed', error: undefined }
    void closed
  }
}
