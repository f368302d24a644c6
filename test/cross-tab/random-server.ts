/** The server of the random test: it sends numbers, resumes, and has faults. */
import { type DuplexTransport, type Frame, type LinkObserver, RealtimeError } from '../../src/index.ts'
import { payloads } from '../circumstances.ts'
import type { WhenAwake } from './random-tabs.ts'

export type RandomServer = ReturnType<typeof randomServer>

/**
 * Over each link it sends the numbers behind the id that it is told, each once, and a greeting before them if it `greets`. A post is
 * answered later, or never.
 */
export function randomServer(random: () => number, greets = false) {
  const links = new Set<LinkObserver>()
  /** What opens the links again that a browser is about to restore by itself. */
  const interrupted = new Set<() => void>()
  const unanswered = new Set<() => void>()
  const sent: Frame[] = []
  let last = 0
  /** How many of the next dials, and of the next posts, are refused. */
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
    /** The same server, behind a proxy that refuses the dials. */
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
    /** Some posts never arrive, some are refused for now, and of some that were taken the answer is lost. */
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
    /** Some of what waits for the server goes on: links that were interrupted, and posts without an answer. */
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
    /** The numbers that have arrived from this sender, in order, each once: a next leader may repeat what it cannot know to have arrived. */
    heardOf: (name: number) => [
      ...new Set((payloads(sent) as [number, number][]).flatMap(([from, number]) => (from === name ? [number] : []))),
    ],
  }
}
