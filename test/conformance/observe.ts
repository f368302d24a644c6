/**
 * One client and what it says, until its case is over. It runs in Node as well as in a page, into which it is copied as
 * text: it may use nothing but its parameters and what both platforms have.
 */
import type { Case, Heard, Outcome } from './case.ts'

export type Holdfast = typeof import('../../src/index.ts')

/** What a client needs to know of a case: JSON. */
export interface Plan extends Pick<Case, 'closes' | 'enough'> {
  readonly transport: 'fetchStream' | 'eventSource'
  readonly url: string
  readonly withCredentials: boolean
  /** Names of the events to come: a browser tells of no others. */
  readonly names: readonly string[]
  readonly lastEvent: string
  readonly patience: number
}

export interface Observation {
  readonly outcome: Outcome
  readonly events: readonly Heard[]
  /** The codes of all errors, in order. */
  readonly errors: readonly string[]
}

export function observe(holdfast: Holdfast, plan: Plan): Promise<Observation> {
  const { createClient, eventSource, fetchStream, text } = holdfast
  const { url, withCredentials } = plan
  const transport =
    plan.transport === 'fetchStream'
      ? fetchStream(url, { ...(withCredentials && { credentials: 'include' }) })
      : eventSource(url, { withCredentials, events: [...plan.names, plan.lastEvent] })
  const client = createClient(transport, {
    codec: text(),
    reconnect: { minDelay: 5, maxDelay: 1000 },
    openTimeout: 3000,
  })
  const events: Heard[] = []
  const errors: string[] = []
  let hasWaited = false

  return new Promise((resolve) => {
    const timer = setTimeout(() => finish('waits'), plan.patience)

    function finish(outcome: Outcome): void {
      clearTimeout(timer)
      resolve({ outcome, events, errors })
      client.close()
    }

    client.onError(({ code }) => errors.push(code))
    client.onAny((data, { event, id }) => {
      if (event === plan.lastEvent) return finish(hasWaited || errors.length > 0 ? 'reconnects' : 'open')
      events.push([event, data, id])
      if (plan.closes === 'on the first event') finish('closed')
      else if (events.length === plan.enough) finish('open')
    })
    client.onState(({ status }) => {
      if (status === 'closed') finish('gives up')
      if (status !== 'waiting') return
      hasWaited = true
      if (plan.closes === 'on the first wait') finish('closed')
    })
    client.connect()
  })
}
