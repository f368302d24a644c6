/**
 * A holdfast client that keeps a diary. It runs in Node as well as in a page, into which it is copied as text: it may use
 * nothing but its parameters and what both platforms have.
 */
import type { ClientOptions } from '../../src/index.ts'

export type Holdfast = typeof import('../../src/index.ts')

/** JSON, so that it can be handed to a page. */
export interface ClientPlan {
  readonly transport: 'webSocket' | 'eventSource'
  readonly url: string
  readonly options: Pick<ClientOptions, 'heartbeat' | 'openTimeout' | 'reconnect'>
  /** Sends only while open, and sends again on every new link what the server has not acknowledged. Otherwise the client's queue is used. */
  readonly acknowledges: boolean
}

/** Something that happened, and when: an epoch time. */
export interface Entry {
  readonly at: number
  readonly what: string
}

export interface Note {
  readonly number: number
  /** What `send` returned the last time, or 'held back' where it was not called. */
  readonly result: string
}

export interface ClientReport {
  readonly states: readonly Entry[]
  readonly errors: readonly Entry[]
  /** What the page was told of its network. */
  readonly page: readonly Entry[]
  readonly notes: readonly Note[]
  readonly acknowledged: readonly number[]
  /** Ids of the stream's events, in the order in which they came. */
  readonly events: readonly number[]
}

export interface ClientHandle {
  writeEvery(milliseconds: number): void
  stopWriting(): void
  report(): ClientReport
  close(): void
}

export function startClient(holdfast: Holdfast, plan: ClientPlan): ClientHandle {
  const { createClient, webSocket, eventSource } = holdfast
  const states: Entry[] = []
  const errors: Entry[] = []
  const page: Entry[] = []
  const notes = new Map<number, Note>()
  const acknowledged: number[] = []
  const events: number[] = []
  let writing: ReturnType<typeof setInterval> | undefined

  const isStream = plan.transport === 'eventSource'
  const duplex = isStream ? undefined : createClient(webSocket(plan.url), plan.options)
  const client = duplex ?? createClient(eventSource(plan.url, { lastEventIdParam: 'since' }), plan.options)

  client.onState((state) => {
    const reason = 'reason' in state ? ` (${state.reason})` : ''
    states.push({ at: Date.now(), what: `${state.status}${reason}` })
    if (state.status !== 'open' || !plan.acknowledges) return
    for (const number of notes.keys()) if (!acknowledged.includes(number)) write(number)
  })
  client.onError((error) => errors.push({ at: Date.now(), what: error.code }))
  client.on('acknowledged', ({ number }) => acknowledged.push(number))
  client.on('tick', (_, { id }) => events.push(Number(id)))
  for (const type of ['offline', 'online']) {
    globalThis.addEventListener?.(type, () => page.push({ at: Date.now(), what: type }))
  }
  client.connect()

  function write(number: number): void {
    const isHeldBack = plan.acknowledges && client.state.status !== 'open'
    notes.set(number, { number, result: (!isHeldBack && duplex?.send('note', { number })) || 'held back' })
  }

  return {
    writeEvery(milliseconds) {
      writing = setInterval(() => write(notes.size + 1), milliseconds)
    },
    stopWriting: () => clearInterval(writing),
    report: () => ({ states, errors, page, notes: [...notes.values()], acknowledged, events }),
    close() {
      clearInterval(writing)
      client.close()
    },
  }
}
