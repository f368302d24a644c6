import { expect, type TestContext, test, vi } from 'vitest'
import { fold } from '../../src/store/index.ts'
import { givenOpen, say } from '../circumstances.ts'
import { fakePage, type Host } from './fake-page.ts'

test('[ST2] however many messages come, they are published once, by the next frame, and all are in it', (context) => {
  const { page, receive, store, listener } = given(context)

  for (let step = 1; step <= 1000; step += 1) receive(step)
  expect(listener).not.toHaveBeenCalled()
  page.draw()

  expect(listener).toHaveBeenCalledTimes(1)
  expect(store.getSnapshot()).toBe(500_500)
})

test('[ST2] messages are folded as they come, in their order', (context) => {
  const { receive, seen } = given(context)

  receive(3)
  receive(1)
  receive(2)

  expect(seen).toEqual([3, 1, 2])
})

test('[ST2] every frame publishes what has come since the one before', (context) => {
  const { page, receive, store, listener } = given(context)
  const published: number[] = []
  listener.mockImplementation(() => published.push(store.getSnapshot()))

  for (const steps of [[1, 2], [3], [4, 5, 6]]) {
    for (const step of steps) receive(step)
    page.draw()
  }

  expect(published).toEqual([3, 6, 21])
})

test('[ST2] between two frames the snapshot stays', (context) => {
  const { page, receive, store } = given(context)
  receive(1)
  page.draw()

  receive(1)

  expect(store.getSnapshot()).toBe(1)
  page.draw()
  expect(store.getSnapshot()).toBe(2)
})

test('[ST2] one frame is asked for however many messages wait for it, and none where nothing comes', (context) => {
  const { page, receive } = given(context)
  expect(page.waiting).toBe(0)

  receive(1)
  receive(1)
  expect(page.waiting).toBe(1)
  page.draw()

  expect({ waiting: page.waiting, timers: page.timers }).toEqual({ waiting: 0, timers: 0 })
})

test('a frame in which everything came back to what it was publishes nothing', (context) => {
  const { page, receive, listener } = given(context)

  receive(5)
  receive(-5)
  page.draw()

  expect(listener).not.toHaveBeenCalled()
})

test('[ST2] when the last subscriber leaves before the frame, the last value is the snapshot, and no frame is left', (context) => {
  const { page, receive, store, end, listener } = given(context)
  receive(1)
  receive(2)

  end()

  expect(store.getSnapshot()).toBe(3)
  expect({ waiting: page.waiting, timers: page.timers }).toEqual({ waiting: 0, timers: 0 })
  page.draw()
  expect(listener).not.toHaveBeenCalled()
})

test('[ST2] who subscribes after the last one has left before the frame is told of what comes then', (context) => {
  const { page, receive, store, end } = given(context)
  receive(1)
  end()
  const next = vi.fn()
  store.subscribe(next)

  receive(2)
  page.draw()

  expect(next).toHaveBeenCalledTimes(1)
  expect(store.getSnapshot()).toBe(3)
})

test('[ST2] when one of several leaves before the frame, it still comes for the others', (context) => {
  const { page, receive, store, end, listener } = given(context)
  const other = vi.fn()
  store.subscribe(other)
  receive(1)

  end()
  page.draw()

  expect(other).toHaveBeenCalledTimes(1)
  expect(listener).not.toHaveBeenCalled()
})

test('the last that leaves while a frame publishes leaves nothing behind', (context) => {
  const { page, receive, end, listener } = given(context)
  listener.mockImplementation(() => {
    end()
    return 0
  })
  receive(1)

  page.draw()

  expect({ waiting: page.waiting, timers: page.timers }).toEqual({ waiting: 0, timers: 0 })
})

test('[ST2] a client that closes before the frame takes nothing from it', (context) => {
  const { page, client, receive, store, listener } = given(context)
  receive(1)

  client.close()
  page.draw()

  expect(listener).toHaveBeenCalledTimes(1)
  expect(store.getSnapshot()).toBe(1)
})

test('[ST2] two stores are published by the same frame', (context) => {
  const { page, client, receive, listener } = given(context)
  const other = vi.fn()
  fold(client, 'tick', (all: number) => all + 1, 0, { batch: 'frame' }).subscribe(other)

  receive(1)
  page.draw()

  expect([listener.mock.calls.length, other.mock.calls.length]).toEqual([1, 1])
})

test('what a callback throws in a frame reaches the page, and keeps nobody from being called', (context) => {
  const { page, receive, store, listener, told } = given(context)
  const cause = new Error('broken')
  listener.mockImplementationOnce(() => {
    throw cause
  })
  const other = vi.fn()
  store.subscribe(other)
  receive(1)

  expect(() => page.draw()).toThrow(cause)
  receive(1)
  page.draw()

  expect(other).toHaveBeenCalledTimes(2)
  expect(listener).toHaveBeenCalledTimes(2)
  expect(told.codes).toEqual([])
})

test('[ST2] a stub that calls back at once publishes every message', (context) => {
  const { page, receive, store, listener } = given(context)
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    callback()
    return 1
  })

  receive(1)
  receive(2)

  expect(listener).toHaveBeenCalledTimes(2)
  expect({ sum: store.getSnapshot(), timers: page.timers }).toEqual({ sum: 3, timers: 0 })
})

test('[ST2] in a hidden page, which is not drawn, a timer publishes', (context) => {
  const { page, receive, store, listener } = given(context)
  page.hide()

  receive(1)
  receive(2)
  expect({ waiting: page.waiting, timers: page.timers }).toEqual({ waiting: 0, timers: 1 })
  page.wait(16)

  expect(listener).toHaveBeenCalledTimes(1)
  expect({ sum: store.getSnapshot(), timers: page.timers }).toEqual({ sum: 3, timers: 0 })
})

test('[ST2] what waits for a frame when the page is hidden is published within a second, and once', (context) => {
  const { page, receive, store, listener } = given(context)
  receive(1)

  page.hide()
  page.wait(1000)
  expect(listener).toHaveBeenCalledTimes(1)
  page.show()
  page.draw()

  expect(listener).toHaveBeenCalledTimes(1)
  expect({ sum: store.getSnapshot(), waiting: page.waiting }).toEqual({ sum: 1, waiting: 0 })
})

test('[ST2] a page that is seen is never published by a timer, however long it is not drawn', (context) => {
  const { page, receive, listener } = given(context)
  receive(1)

  page.wait(60_000)
  expect(listener).not.toHaveBeenCalled()
  page.draw()

  expect(listener).toHaveBeenCalledTimes(1)
  expect(page.timers).toBe(0)
})

test('[ST2] the timer of a page that is shown again publishes what has come since, too, and no frame does it once more', (context) => {
  const { page, receive, listener } = given(context)
  page.hide()
  receive(1)

  page.show()
  receive(2)
  page.draw()
  page.wait(16)

  expect(listener).toHaveBeenCalledTimes(1)
})

test('[ST2] where there are no frames, as on a server, a timer takes their place', (context) => {
  const { page, receive, store, listener } = given(context, { document: false, frames: false })

  receive(1)
  receive(2)
  expect(listener).not.toHaveBeenCalled()
  page.wait(16)

  expect(listener).toHaveBeenCalledTimes(1)
  expect({ sum: store.getSnapshot(), timers: page.timers }).toEqual({ sum: 3, timers: 0 })
})

test('[ST2] where a timer takes their place, leaving leaves no timer', (context) => {
  const { page, receive, store, end } = given(context, { document: false, frames: false })
  receive(1)

  end()

  expect({ sum: store.getSnapshot(), timers: page.timers }).toEqual({ sum: 1, timers: 0 })
})

test('[ST2] a worker with frames, which is not told whether its page is hidden, waits for one for a second', (context) => {
  const { page, receive, listener } = given(context, { document: false })
  receive(1)

  page.wait(999)
  expect(listener).not.toHaveBeenCalled()
  page.wait(1)

  expect(listener).toHaveBeenCalledTimes(1)
  expect({ waiting: page.waiting, timers: page.timers }).toEqual({ waiting: 0, timers: 0 })
})

/** A sum of numbers that is published by frames, and one subscriber. */
function given(context: TestContext, host?: Host) {
  const page = fakePage(context, host)
  const open = givenOpen()
  const seen: number[] = []
  const add = (sum: number, step: number) => {
    seen.push(step)
    return sum + step
  }
  const store = fold(open.client, 'tick', add, 0, { batch: 'frame' })
  const listener = vi.fn<() => unknown>()
  const end = store.subscribe(listener)
  return { ...open, page, store, listener, end, seen, receive: (step: number) => say(open.link(), 'tick', step) }
}
