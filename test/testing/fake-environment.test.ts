import { expect, test } from 'vitest'
import { fakeEnvironment } from '../../src/testing/index.ts'

/** An environment, and what its timers have noted. */
function givenTimers(...delays: readonly number[]) {
  const environment = fakeEnvironment({ now: 0 })
  const fired: string[] = []
  const cancels = delays.map((ms, index) =>
    environment.setTimer(() => fired.push(`${index} at ${environment.now()}`), ms),
  )
  return { environment, fired, cancels }
}

test('the clock stands still until it is moved', async () => {
  const environment = fakeEnvironment({ now: 100 })
  expect(environment.now()).toBe(100)
  await environment.advance(50)

  expect(environment.now()).toBe(150)
})

test('timers fire in the order of their times, each at its time', async () => {
  const { environment, fired } = givenTimers(30, 10, 20)
  await environment.advance(30)

  expect(fired).toEqual(['1 at 10', '2 at 20', '0 at 30'])
})

test('timers of the same time fire in the order they were set', async () => {
  const { environment, fired } = givenTimers(10, 10, 10)
  await environment.advance(10)

  expect(fired).toEqual(['0 at 10', '1 at 10', '2 at 10'])
})

test('a timer that is not due yet does not fire', async () => {
  const { environment, fired } = givenTimers(10)
  await environment.advance(9)

  expect(fired).toEqual([])
  expect(environment.held).toBe(1)
})

test('a timer fires once', async () => {
  const { environment, fired } = givenTimers(10)
  await environment.advance(10)
  await environment.advance(100)

  expect(fired).toHaveLength(1)
  expect(environment.held).toBe(0)
})

test('a cancelled timer does not fire, and cancelling twice does nothing', async () => {
  const { environment, fired, cancels } = givenTimers(10, 20)
  cancels[0]?.()
  cancels[0]?.()
  expect(environment.held).toBe(1)
  await environment.advance(20)

  expect(fired).toEqual(['1 at 20'])
})

test('a timer that a timer sets fires in the same move when it is due', async () => {
  const environment = fakeEnvironment({ now: 0 })
  const fired: number[] = []
  environment.setTimer(() => environment.setTimer(() => fired.push(environment.now()), 5), 10)
  await environment.advance(15)

  expect(fired).toEqual([15])
})

test('promises run before the next timer', async () => {
  const environment = fakeEnvironment({ now: 0 })
  const order: string[] = []
  environment.setTimer(async () => {
    for (let step = 0; step < 50; step += 1) await undefined
    order.push('promise')
  }, 10)
  environment.setTimer(() => order.push('timer'), 11)
  await environment.advance(11)

  expect(order).toEqual(['promise', 'timer'])
})

test('promises that are ready run without moving the clock', async () => {
  const environment = fakeEnvironment({ now: 7 })
  const ran: number[] = []
  Promise.resolve().then(() => ran.push(environment.now()))
  await environment.advance(0)

  expect(ran).toEqual([7])
})

test('a negative delay is due at once', async () => {
  const { environment, fired } = givenTimers(-5)
  await environment.advance(0)

  expect(fired).toEqual(['0 at 0'])
})

test('a move that nobody waits for is not taken back by the next', async () => {
  const { environment, fired } = givenTimers(600)
  const first = environment.advance(1000)
  await environment.advance(0)
  expect(fired).toEqual(['0 at 600'])
  expect(environment.now()).toBe(600)
  await first

  expect(environment.now()).toBe(1000)
})

test('random numbers are 0.5 unless told', () => {
  expect(fakeEnvironment().random()).toBe(0.5)
  expect(fakeEnvironment({ random: () => 0.1 }).random()).toBe(0.1)
})

test.each([
  [undefined, { base: 'http://localhost/', secure: false }],
  [{ page: 'https://app.example/' }, { base: 'https://app.example/', secure: true }],
  [{ page: undefined }, { base: undefined, secure: false }],
])('with %o the origin of the page is %o', (options, origin) => {
  expect(fakeEnvironment(options).origin()).toEqual(origin)
})

/** An environment whose page is watched, and what the watcher has heard. */
function givenWatchedPage() {
  const environment = fakeEnvironment()
  const heard: string[] = []
  const watch = new AbortController()
  environment.watchPage((event) => heard.push(event), watch.signal)
  return { environment, heard, stop: () => watch.abort() }
}

test('the network is switched off and on', () => {
  const { environment, heard } = givenWatchedPage()
  environment.setOnline(false)
  environment.setOnline(true)

  expect(heard).toEqual(['offline', 'online'])
})

test('a page is hidden and shown, and tells only changes', () => {
  const { environment, heard } = givenWatchedPage()
  environment.setVisible(true)
  environment.setVisible(false)
  expect(environment.isHidden()).toBe(true)
  environment.setVisible(true)

  expect(environment.isHidden()).toBe(false)
  expect(heard).toEqual(['visibilitychange', 'visibilitychange'])
})

test('a page is frozen and goes on', () => {
  const { environment, heard } = givenWatchedPage()
  environment.freeze()
  environment.resume()

  expect(heard).toEqual(['freeze', 'resume'])
})

test('only a page that is kept tells that it goes and comes', () => {
  const { environment, heard } = givenWatchedPage()
  environment.pageHide(false)
  environment.pageShow(false)
  expect(heard).toEqual([])
  environment.pageHide(true)
  environment.pageShow(true)

  expect(heard).toEqual(['pagehide', 'pageshow'])
})

test('a watcher is held until it stops, and hears nothing afterwards', () => {
  const { environment, heard, stop } = givenWatchedPage()
  expect(environment.held).toBe(1)
  stop()
  environment.freeze()

  expect(environment.held).toBe(0)
  expect(heard).toEqual([])
})

test('one listener that watches twice hears twice, and the end of one watch leaves the other', () => {
  const environment = fakeEnvironment()
  const heard: string[] = []
  const listener = (event: string) => heard.push(event)
  const [first, second] = [new AbortController(), new AbortController()]
  environment.watchPage(listener, first.signal)
  environment.watchPage(listener, second.signal)
  environment.freeze()
  first.abort()
  environment.resume()

  expect(heard).toEqual(['freeze', 'freeze', 'resume'])
  expect(environment.held).toBe(1)
})

test('who watches until a signal aborts that has aborted already hears nothing', () => {
  const { environment, heard } = givenWatchedPage()
  environment.watchPage((event) => heard.push(`late ${event}`), AbortSignal.abort())
  environment.freeze()

  expect(heard).toEqual(['freeze'])
  expect(environment.held).toBe(1)
})

test.each([-1, Number.NaN, '5', undefined])('[TR7] its clock does not move by %o', async (ms) => {
  const environment = fakeEnvironment()
  const before = environment.now()

  await expect(environment.advance(ms as never)).rejects.toMatchObject({ code: 'invalid-config' })
  expect(environment.now()).toBe(before)
})
