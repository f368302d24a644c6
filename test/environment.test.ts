import { afterEach, expect, test, vi } from 'vitest'
import { platform } from '../src/environment.ts'
import { createClient, type Environment } from '../src/index.ts'
import { fakeTransport } from '../src/testing/index.ts'
import { newest, over } from './circumstances.ts'

afterEach(() => vi.unstubAllGlobals())

/** Replaces the timers of the platform, after the module was loaded. */
function stubTimers() {
  const set = vi.fn((_: () => void, __: number) => 42)
  const clear = vi.fn()
  vi.stubGlobal('setTimeout', set)
  vi.stubGlobal('clearTimeout', clear)
  return { set, clear }
}

/** An environment whose methods need their object. */
class CountingEnvironment implements Environment {
  #time = 1000
  #timers = 0
  #drawn = 0
  now() {
    return this.#time
  }
  random() {
    this.#drawn += 1
    return 0.5
  }
  setTimer() {
    this.#timers += 1
    return () => {
      this.#timers -= 1
    }
  }
  origin() {
    return { base: undefined, secure: false, drawn: this.#drawn }
  }
  get timers() {
    return this.#timers
  }
}

test('[PK1] a timer of the platform is the one of the moment', () => {
  const { set, clear } = stubTimers()
  const callback = () => {}
  const cancel = platform.setTimer(callback, 250)
  expect(set).toHaveBeenCalledWith(callback, 250)
  cancel()

  expect(clear).toHaveBeenCalledWith(42)
})

test('[CN9] a timer longer than the platform can take does not fire at once', () => {
  const { set } = stubTimers()
  platform.setTimer(() => {}, Infinity)

  expect(set.mock.calls[0]?.[1]).toBeGreaterThan(1e9)
  expect(set.mock.calls[0]?.[1]).toBeLessThan(2 ** 31)
})

test('[PK1] a timer for what is due already is none that Node warns of', () => {
  const { set } = stubTimers()
  platform.setTimer(() => {}, -0.5)

  expect(set.mock.calls[0]?.[1]).toBe(0)
})

test('[PK1] clock and random numbers of the platform are those of the moment', () => {
  vi.stubGlobal('Date', { now: () => 5 })
  vi.stubGlobal('Math', { random: () => 0.25 })

  expect(platform.now()).toBe(5)
  expect(platform.random()).toBe(0.25)
})

test('[LC5][TR7] where there is no page there is no base', () => {
  expect(platform.origin()).toEqual({ base: undefined, secure: false })
})

test.each([
  ['https://app.example/a', true],
  ['http://app.example/a', false],
])('[TR7] in a worker at %s its location is the base', (href, secure) => {
  vi.stubGlobal('location', new URL(href))

  expect(platform.origin()).toEqual({ base: href, secure })
})

test.each([
  ['https://app.example', true],
  ['null', false],
])('[TR7] a frame without a URL of its own is secure by its origin %s', (origin, secure) => {
  vi.stubGlobal('origin', origin)
  vi.stubGlobal('location', new URL('about:srcdoc'))

  expect(platform.origin()).toEqual({ base: 'about:srcdoc', secure })
})

test('[LC5] a client without an environment runs on the platform', () => {
  const { set, clear } = stubTimers()
  const transport = fakeTransport()
  const client = createClient(transport)
  expect(set).not.toHaveBeenCalled()
  client.connect()
  expect(set.mock.calls.map(([, ms]) => ms)).toEqual([10_000])
  newest(transport.links).open()

  expect(clear).toHaveBeenCalledWith(42)
  expect(client.state.status).toBe('open')
})

test('[BO1] an environment may be an object whose methods need it', () => {
  const environment = new CountingEnvironment()
  const transport = fakeTransport()
  const { client } = over(transport, { environment: environment as never })
  client.connect()
  newest(transport.links).end()

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: 1600 })
  expect(environment.timers).toBe(1)
})

test('[BO6] the random numbers of a policy may come from an object whose method needs it', () => {
  const transport = fakeTransport()
  const { client } = over(transport, {
    environment: new CountingEnvironment() as never,
    reconnect: ({ random }) => random() * 100,
  })
  client.connect()
  newest(transport.links).end()

  expect(client.state).toMatchObject({ status: 'waiting', retryAt: 1050 })
})

/** The global object of a worker: an EventTarget without a document. */
function stubWorker(): EventTarget {
  const self = new EventTarget()
  vi.stubGlobal('addEventListener', self.addEventListener.bind(self))
  vi.stubGlobal('removeEventListener', self.removeEventListener.bind(self))
  return self
}

test('[LC5] where there is no page nobody is hidden, and watching it does nothing', () => {
  expect('addEventListener' in globalThis).toBe(false)

  expect(() => platform.watchPage?.(() => {}, new AbortController().signal)).not.toThrow()
  expect(platform.isHidden?.()).toBe(false)
})

test('[LC5] a client runs where there is no page', () => {
  stubTimers()
  const transport = fakeTransport()
  const client = createClient(transport, { lifecycle: { hidden: 1000 } })
  client.connect()
  newest(transport.links).open()
  expect(client.state.status).toBe('open')
  client.close()

  expect(client.state.status).toBe('closed')
})

test('[LC5] a worker hears that it is offline and online, and is not hidden', () => {
  const self = stubWorker()
  const heard: string[] = []
  const watch = new AbortController()
  platform.watchPage?.((event) => heard.push(event), watch.signal)
  self.dispatchEvent(new Event('offline'))
  self.dispatchEvent(new Event('online'))
  expect(heard).toEqual(['offline', 'online'])
  watch.abort()
  self.dispatchEvent(new Event('offline'))

  expect(heard).toHaveLength(2)
  expect(platform.isHidden?.()).toBe(false)
})

test('[LC5][LC1] a client in a worker rests while it is offline', () => {
  stubTimers()
  const self = stubWorker()
  const transport = fakeTransport()
  const client = createClient(transport)
  client.connect()
  newest(transport.links).end()
  self.dispatchEvent(new Event('offline'))
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline' })
  self.dispatchEvent(new Event('online'))
  expect(client.state.status).toBe('connecting')
  client.close()

  expect(transport.links.every(({ closed }) => closed)).toBe(true)
})

test.each([
  ['https://app.example/frame', true],
  ['http://app.example/frame', false],
])('[TR7] in a sandboxed frame of %s, whose origin is none, its address tells whether it is secure', (url, secure) => {
  vi.stubGlobal('origin', 'null')
  vi.stubGlobal('location', new URL(url))

  expect(platform.origin()).toEqual({ base: url, secure })
})
