// @vitest-environment happy-dom
/** What the platform tells of a page: https://html.spec.whatwg.org/multipage/ and https://wicg.github.io/page-lifecycle/ */
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { type Environment, platform } from '../src/environment.ts'
import { createClient } from '../src/index.ts'
import { fakeTransport } from '../src/testing/index.ts'
import { live } from './circumstances.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** The result stops it. */
function watchPage(listener: Parameters<NonNullable<Environment['watchPage']>>[0]): () => void {
  const watch = new AbortController()
  platform.watchPage?.(listener, watch.signal)
  return () => watch.abort()
}

/** What is heard of the page, until the test is over or `stop` is called. */
function givenWatched() {
  const heard: string[] = []
  const stop = watchPage((event) => heard.push(event))
  onTestFinished(stop)
  return { heard, stop }
}

function pageTransition(type: 'pagehide' | 'pageshow', persisted: boolean): Event {
  return Object.assign(new Event(type), { persisted })
}

/** What a browser tells the window, and what the document. */
const happenings: readonly [string, () => unknown][] = [
  ['online', () => window.dispatchEvent(new Event('online'))],
  ['offline', () => window.dispatchEvent(new Event('offline'))],
  ['visibilitychange', () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))],
  ['freeze', () => document.dispatchEvent(new Event('freeze'))],
  ['resume', () => document.dispatchEvent(new Event('resume'))],
  ['pagehide', () => window.dispatchEvent(pageTransition('pagehide', true))],
  ['pageshow', () => window.dispatchEvent(pageTransition('pageshow', true))],
]

/** Live in what they count: every listener that the window has, by the calls that make and end them. */
function countListeners(): { readonly held: number } {
  const held = new Map<string, Set<unknown>>()
  const of = (type: string) => held.get(type) ?? held.set(type, new Set()).get(type)
  for (const [name, count] of [
    ['addEventListener', (type: string, listener: unknown) => of(type)?.add(listener)],
    ['removeEventListener', (type: string, listener: unknown) => of(type)?.delete(listener)],
  ] as const) {
    const native = globalThis[name].bind(globalThis)
    vi.stubGlobal(name, (type: string, listener: never, options: never) => {
      count(type, listener)
      native(type, listener, options)
    })
  }
  return {
    get held() {
      return [...held.values()].reduce((sum, { size }) => sum + size, 0)
    },
  }
}

/** As zone.js before 0.14.3: all listeners of a type share one of the platform's, which has the options of the first. */
function shareListeners(): void {
  const shared = new Map<string, Set<(event: Event) => void>>()
  const native = globalThis.addEventListener.bind(globalThis)
  vi.stubGlobal('addEventListener', (type: string, listener: (event: Event) => void, options: never) => {
    const listeners = shared.get(type) ?? new Set()
    if (!shared.has(type)) native(type, (event: Event) => listeners.forEach((hear) => void hear(event)), options)
    shared.set(type, listeners.add(listener))
  })
  vi.stubGlobal('removeEventListener', (type: string, listener: never) => void shared.get(type)?.delete(listener))
}

test.each(happenings)('[LC1][LC2][LC3] %s is heard, once', (type, happen) => {
  const { heard } = givenWatched()
  happen()

  expect(heard).toEqual([type])
})

test.each(happenings)('[CN2] %s is not heard any more by one who has stopped', (_, happen) => {
  const { heard, stop } = givenWatched()
  stop()
  stop()
  happen()

  expect(heard).toEqual([])
})

test.each(['freeze', 'resume'])('[LC3] %s is heard before the listeners of the document', (type) => {
  const order: string[] = []
  const hearToo = () => order.push('document')
  document.addEventListener(type, hearToo)
  onTestFinished(() => document.removeEventListener(type, hearToo))
  onTestFinished(watchPage(() => order.push('page')))
  document.dispatchEvent(new Event(type))

  expect(order).toEqual(['page', 'document'])
})

test.each(['pagehide', 'pageshow'] as const)('[LC2] %s of a page that is not kept is not heard', (type) => {
  const { heard } = givenWatched()
  window.dispatchEvent(pageTransition(type, false))

  expect(heard).toEqual([])
})

test.each(happenings)('[LC1][LC2][LC3] an event of an element that has the name %s is none of the page', (type) => {
  const { heard } = givenWatched()
  document.body.dispatchEvent(new CustomEvent(type, { bubbles: true }))

  expect(heard).toEqual([])
})

test('[LC5] other news of the window are not heard', () => {
  const { heard } = givenWatched()
  for (const type of ['focus', 'blur', 'load', 'unload', 'beforeunload', 'storage']) {
    window.dispatchEvent(new Event(type))
  }

  expect(heard).toEqual([])
})

test.each([
  [true, true],
  [false, false],
])('[LC4] with document.hidden %s the page is hidden: %s', (hidden, expected) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)

  expect(platform.isHidden?.()).toBe(expected)
})

test('[CN2] each who watches stops by themselves, the same listener twice included', () => {
  const heard: string[] = []
  const hear = (event: string) => heard.push(event)
  const stops = [watchPage(hear), watchPage(hear)]
  window.dispatchEvent(new Event('online'))
  expect(heard).toHaveLength(2)
  stops[0]?.()
  window.dispatchEvent(new Event('online'))
  expect(heard).toHaveLength(3)
  stops[1]?.()
  window.dispatchEvent(new Event('online'))

  expect(heard).toHaveLength(3)
})

test('[CN2] every listener to the page is released', () => {
  const listeners = countListeners()
  const stop = watchPage(() => {})
  expect(listeners.held).toBe(happenings.length)
  stop()

  expect(listeners.held).toBe(0)
})

test('[CN2] clients on the platform each release their own listeners', () => {
  const listeners = countListeners()
  const clients = [createClient(fakeTransport()), createClient(fakeTransport())]
  onTestFinished(() => {
    for (const client of clients) client.close()
  })
  expect(listeners.held).toBe(0)
  for (const client of clients) client.connect()
  expect(listeners.held).toBe(2 * happenings.length)
  clients[0]?.close()
  expect(listeners.held).toBe(happenings.length)
  clients[1]?.close()

  expect(listeners.held).toBe(0)
})

test('[LC2][LC3] a client on the platform gives its link up and takes it back', () => {
  const transport = fakeTransport()
  const client = createClient(transport)
  onTestFinished(() => client.close())
  client.connect()
  transport.links[0]?.open()
  window.dispatchEvent(pageTransition('pagehide', true))
  document.dispatchEvent(new Event('freeze'))
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
  document.dispatchEvent(new Event('resume'))
  window.dispatchEvent(pageTransition('pageshow', true))

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(live(transport.links)).toBe(1)
  expect(transport.links).toHaveLength(2)
})

test.each(happenings)(
  '[LC1][LC2][LC3] who stops leaves %s to others, also where zone.js shares one listener',
  (type, happen) => {
    shareListeners()
    const stop = watchPage(() => {})
    const own: string[] = []
    globalThis.addEventListener(type, () => own.push(type), true)
    const { heard } = givenWatched()
    stop()
    happen()

    expect(own).toEqual([type])
    expect(heard).toEqual([type])
  },
)
