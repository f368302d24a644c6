import { expect, test } from 'vitest'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenConnecting, givenOpen, givenSuspended, givenWaiting } from '../circumstances.ts'

/** An environment that keeps the delays of the timers it was asked for. */
function countedTimers(): FakeEnvironment & { readonly delays: number[] } {
  const environment = fakeEnvironment()
  const { setTimer } = environment
  const delays: number[] = []
  return Object.assign(environment, {
    delays,
    setTimer(callback: () => void, ms: number) {
      delays.push(ms)
      return setTimer(callback, ms)
    },
  })
}

function ignore(promise: Promise<void>): void {
  promise.catch(() => {})
}

test('[SQ5] drained() looks at a link that has much to send every 2 to 50 ms, and less and less often', async () => {
  const environment = countedTimers()
  const { client, link } = givenOpen({ environment })
  link().bufferedAmount = 1000
  environment.delays.length = 0
  ignore(client.drained())
  await environment.advance(1000)

  expect(environment.delays.slice(0, 7)).toEqual([2, 4, 8, 16, 32, 50, 50])
  expect(Math.max(...environment.delays)).toBe(50)
  expect(environment.delays.length).toBeLessThan(26)
})

test('[SQ5] a link that is soon done is noticed soon', async () => {
  const { client, link, environment } = givenOpen()
  link().bufferedAmount = 1000
  let isDone = false
  client.drained().then(() => {
    isDone = true
  })
  link().bufferedAmount = 0
  await environment.advance(1)
  expect(isDone).toBe(false)
  await environment.advance(1)

  expect(isDone).toBe(true)
})

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
] as const)('[SQ5] while %s, drained() sets no timer', async (_, circumstance) => {
  const { client, environment } = circumstance()
  client.send('note', 1)
  const { held } = environment
  ignore(client.drained())

  expect(environment.held).toBe(held)
})

test('[SQ5] a link that is lost takes the timer with it, and the next one brings it back', async () => {
  const { client, link, environment } = givenOpen()
  const open = environment.held
  link().bufferedAmount = 1000
  client.onState(({ status }) => {
    if (status === 'waiting') client.send('note', 1)
  })
  ignore(client.drained())
  expect(environment.held).toBe(open + 1)
  link().end()
  const waiting = environment.held
  await environment.advance(599)
  expect(environment.held).toBe(waiting)
  await environment.advance(1)
  link().bufferedAmount = 1000
  link().open()

  expect(environment.held).toBe(open + 1)
})

test('[SQ5] changes of state make drained() look no sooner than timers would', async () => {
  const environment = countedTimers()
  const { client, link } = givenOpen({ environment })
  link().bufferedAmount = 1000
  environment.delays.length = 0
  ignore(client.drained())
  for (let round = 0; round < 20; round += 1) {
    client.send('note', round)
    link().bufferedAmount = 1000
    await environment.advance(5)
  }

  expect(Math.min(...environment.delays)).toBe(2)
})

test('[SQ5] two calls of drained() have a timer each, and one goes when its call has resolved', async () => {
  const { client, link, environment } = givenOpen()
  const { held } = environment
  link().bufferedAmount = 1000
  ignore(client.drained())
  ignore(client.drained({ below: 10 }))
  expect(environment.held).toBe(held + 2)
  link().bufferedAmount = 10
  await environment.advance(50)

  expect(environment.held).toBe(held + 1)
})
