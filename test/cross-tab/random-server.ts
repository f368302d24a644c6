/** A server of the random test: it sends numbers, resumes, and has faults. */
import { type DuplexTransport, type Frame, type LinkObserver, RealtimeError } from '../../src/index.ts'
import { payloads } from '../circumstances.ts'
import type { WhenAwake } from './random-tabs.ts'

export type RandomServer = ReturnType<typeof randomServer>

/**
 * Sends every number once per link, from behind the id that it is told, and a greeting before them if it `greets`. What is posted to it
 * has an answer later, if any.
 */
export function randomServer(random: () => number, greets = false) {
  const links = new Set<LinkObserver>()
  /** Those that a browser is about to restore by itself. */
  const interrupted = new Set<() => void>()
  const unanswered = new Set<() => void>()
  const sent: Frame[] = []
  let last = 0
  /** So many dials, and so many posts, are refused from now on. */
  let refusedDials = 0
  let refusedPosts = 0
  let isCalm = false

  const transport: DuplexTransport = {
    name: 'resuming',
    duplex: true,
    open(request, observer) {
      let told = request.lastEventId ? Number(request.lastEventId) : last
      let isClosed = false
      const numbered: LinkObserver = {
        ...observer,
        received(frame) {
          told = Number(frame.id)
          observer.received(frame)
        },
        interrupted(error, retryAt) {
          interrupted.add(begin)
          observer.interrupted(error, retryAt)
        },
      }
      const begin = () => {
        if (isClosed) return
        links.add(numbered)
        observer.opened()
        if (greets) observer.received({ data: '', event: 'hello', id: told ? `${told}` : '', isHeld: told > 0 })
        while (told < last && links.has(numbered)) tell(numbered, told + 1)
      }
      queueMicrotask(begin)
      return {
        send(frame) {
          if (!links.has(numbered)) throw new RealtimeError('not-open')
          sent.push(frame)
        },
        close() {
          isClosed = true
          links.delete(numbered)
        },
      }
    },
  }

  function tell(observer: LinkObserver, number: number): void {
    observer.received({ data: `${number}`, event: 'n', id: `${number}` })
  }

  function cut(report: (observer: LinkObserver) => void): void {
    for (const observer of links) {
      links.delete(observer)
      report(observer)
    }
  }

  function restore(): void {
    for (const begin of interrupted) begin()
    interrupted.clear()
  }

  return {
    transport,
    /** The same, where a proxy lets it through. */
    blockable: {
      ...transport,
      name: 'blockable',
      open(request, observer) {
        if (refusedDials === 0) return transport.open(request, observer)
        refusedDials -= 1
        queueMicrotask(() => observer.ended(new RealtimeError('unreachable')))
        return { close() {} }
      },
    } satisfies DuplexTransport,
    /** Some never arrive, some are refused for now, and of some that were taken the answer is lost. */
    takePost({ body, signal }: RequestInit, whenAwake: WhenAwake): Promise<Response> {
      return new Promise((resolve, reject) => {
        const fate = isCalm ? 0 : refusedPosts > 0 ? 1 : random()
        refusedPosts = Math.max(0, refusedPosts - 1)
        if (fate < 0.9) sent.push(body as string)
        const answer = () => {
          unanswered.delete(answer)
          whenAwake(() => {
            if (fate < 0.8) resolve(new Response(null, { status: 204 }))
            else if (fate > 0.95) resolve(new Response(null, { status: 503 }))
            else reject(new TypeError('It was lost.'))
          })
        }
        signal?.addEventListener('abort', () => {
          unanswered.delete(answer)
          reject(signal.reason)
        })
        unanswered.add(answer)
        if (isCalm) answer()
      })
    },
    say(count: number) {
      for (let said = 0; said < count; said += 1) {
        last += 1
        for (const observer of links) tell(observer, last)
      }
    },
    /** One of its faults. */
    fail() {
      const fault = Math.floor(random() * 4)
      if (fault === 0) refusedPosts = 5
      else if (fault === 1) refusedDials = 4
      if (fault === 3) cut((observer) => observer.interrupted(new RealtimeError('lost'), 0))
      else if (fault > 0) cut((observer) => observer.ended(new RealtimeError('lost')))
    },
    /** Some of what waits for it goes on. */
    goOn() {
      if (random() < 0.4) restore()
      for (const answer of unanswered) if (random() < 0.5) answer()
    },
    /** From now on everything works, and every post is answered at once. */
    calm() {
      isCalm = true
      refusedDials = 0
      restore()
      for (const answer of unanswered) answer()
    },
    last: () => last,
    live: () => links.size,
    /** What has arrived of that sender, in order; a repetition is what the next leader could not know to have arrived. */
    heardOf: (name: number) => [
      ...new Set((payloads(sent) as [number, number][]).flatMap(([from, number]) => (from === name ? [number] : []))),
    ],
  }
}
