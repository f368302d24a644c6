/** Hears everything first, and holds it against what may be told: in order, once, of a live link, of the state that is the present one. */
import { type ConnectionState, type DuplexClient, isRealtimeError, type RealtimeError } from '../../src/index.ts'
import type { Dials } from './dials.ts'
import type { ScriptedTransport } from './scripted-transport.ts'
import type { SentMessages } from './sent-messages.ts'

export interface Witness {
  /** The newest state that was told, or the one at the beginning. */
  readonly state: ConnectionState
  readonly states: readonly ConnectionState[]
  readonly errors: readonly RealtimeError[]
  /** Messages that have come to a listener. */
  readonly messages: number
}

export function witness(
  client: DuplexClient,
  transport: ScriptedTransport,
  dials: Dials,
  sent: SentMessages,
  wrong: (rule: string, text: string) => void,
): Witness {
  const states: ConnectionState[] = [client.state]
  const errors: RealtimeError[] = []
  const told = new Set<unknown>(states)
  let messages = 0
  let lastLink = -1
  let lastSeq = -1

  client.onState((state, previous) => {
    if (told.has(state)) wrong('CN3', `${state.status} is told twice`)
    if (state !== client.state) wrong('CN7', `${state.status} is told, and it is ${client.state.status}`)
    if (!Object.isFrozen(state)) wrong('CN3', `the state ${state.status} is not frozen`)
    if (previous === state) wrong('CN7', `${state.status} comes after itself`)
    told.add(state)
    states.push(state)
    if (state.status === 'closed') dials.shut(true)
    const link = transport.live()
    if (link && state.status === 'open') link.openSince = state.openedAt
  })

  client.onError((error) => {
    if (!isRealtimeError(error)) wrong('TR5', `${error} is no error of ours`)
    if (told.has(error)) wrong('CN8', `the error ${error.code} is told twice`)
    told.add(error)
    errors.push(error)
    if (error.code === 'queue-full') sent.dropped(1)
    if (error.code === 'aborted') sent.dropped(Number(error.message.match(/\d+/)))
  })

  client.on('news', ({ link, seq }: { link: number; seq: number }, { id }) => {
    messages += 1
    if (transport.links[link]?.closings !== 0) wrong('CN4', `message ${seq} of link ${link} came after its end`)
    if (link < lastLink || (link === lastLink && seq <= lastSeq))
      wrong('RT5', `message ${link}.${seq} came after ${lastLink}.${lastSeq}`)
    if (id && client.lastEventId !== id) wrong('RS1', `${id} is heard, and lastEventId is ${client.lastEventId}`)
    lastLink = link
    lastSeq = seq
  })

  return {
    get state() {
      return states[states.length - 1] as ConnectionState
    },
    states,
    errors,
    get messages() {
      return messages
    },
  }
}
