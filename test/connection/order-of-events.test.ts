import { expect, test } from 'vitest'
import type { RealtimeError } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { givenConnecting, givenOpen, givenWaiting, over, rawTransport, say, waitOf } from '../circumstances.ts'

test('[CN7] a state that a listener overtakes is skipped for those who have not heard it', () => {
  const { client, link } = givenConnecting()
  const first: string[] = []
  const second: string[] = []
  client.onState(({ status }) => {
    first.push(status)
    if (status === 'open') client.close()
  })
  client.onState(({ status }) => second.push(status))
  link().open()

  expect(first).toEqual(['open', 'closed'])
  expect(second).toEqual(['closed'])
})

test('[CN7] the previous state is the one that was left, heard or not', () => {
  const { client, link } = givenConnecting()
  const heard: [string, string][] = []
  client.onState(({ status }) => {
    if (status === 'open') client.close()
  })
  client.onState((state, previous) => heard.push([previous.status, state.status]))
  link().open()

  expect(heard).toEqual([['open', 'closed']])
})

test('[CN7] a listener is not told the state that it could read when it was added', () => {
  const { client, link } = givenConnecting()
  const known: string[] = []
  const heard: string[] = []
  client.onError(() => {
    known.push(client.state.status)
    client.onState(({ status }) => heard.push(status))
  })
  link().end()

  expect(known).toEqual(['waiting'])
  expect(heard).toEqual([])
})

test('[CN7] an error is told before the state that it leads to', () => {
  const { client, link } = givenConnecting()
  const order: string[] = []
  client.onState(({ status }) => order.push(status))
  client.onError(({ code }) => order.push(code))
  link().end()

  expect(order).toEqual(['unreachable', 'waiting'])
})

test('[CN7] a call in a listener changes the state at once', () => {
  const { client, link } = givenOpen()
  const seen: string[] = []
  client.on('news', () => {
    client.close()
    seen.push(client.state.status)
    client.connect()
    seen.push(client.state.status)
  })
  say(link(), 'news')

  expect(seen).toEqual(['closed', 'connecting'])
})

test('[CN7] a link that reports inside of a listener is heard after it', () => {
  const { client, link } = givenOpen()
  const order: string[] = []
  client.on('first', () => {
    say(link(), 'second')
    order.push('first')
  })
  client.on('second', () => order.push('second'))
  client.onAny((_, { event }) => order.push(`any ${event}`))
  say(link(), 'first')

  expect(order).toEqual(['first', 'any first', 'second', 'any second'])
})

test.each(['close', 'reconnect'] as const)(
  '[CN7] after %s() in a listener, what had come already is not heard',
  (call) => {
    const { client, link } = givenOpen()
    const heard: unknown[] = []
    client.on('news', (data) => {
      heard.push(data)
      if (data !== 1) return
      for (const late of [2, 3]) say(link(), 'news', late)
      client[call]()
    })
    say(link(), 'news', 1)

    expect(heard).toEqual([1])
  },
)

test('[CN7] a listener may end its own subscription, and another one', () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  const stopFirst = client.onState(() => {
    heard.push('first')
    stopFirst()
    stopSecond()
  })
  const stopSecond = client.onState(() => heard.push('second'))
  link().end()
  client.close()

  expect(heard).toEqual(['first'])
})

test('[CN7] an error listener that always reconnects does not keep its caller', async () => {
  const environment = fakeEnvironment()
  let dials = 0
  const { client } = over(
    rawTransport({
      open({ observer }) {
        dials += 1
        observer.ended(undefined as never)
      },
    }),
    { environment },
  )
  client.onError(() => {
    if (dials < 100) client.reconnect()
  })
  client.connect()

  expect(dials).toBe(100)
  expect(client.state.status).toBe('waiting')
})

test('[CN7] each error is told once, to each listener', () => {
  const all = givenWaiting()
  const again: RealtimeError[] = []
  all.client.onError((error) => again.push(error))
  all.client.connect()
  all.link().end()

  expect(all.told.errors).toHaveLength(2)
  expect(again).toEqual(all.told.errors.slice(1))
  expect(waitOf(all)).toBe(600)
})
