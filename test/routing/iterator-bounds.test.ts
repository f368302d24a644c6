import { describe, expect, test } from 'vitest'
import type { IterateOptions } from '../../src/index.ts'
import { countedSignal, given, givenOpen, say } from '../circumstances.ts'
import { listenedTo, reading, settled, take } from './reading.ts'

const tooSlow = { thrown: expect.objectContaining({ name: 'RealtimeError', code: 'queue-full', retryable: false }) }
const mistake = expect.objectContaining({ code: 'invalid-config', retryable: false })

/** An iterator that nobody has read while these messages came. */
function unread(count: number, options?: IterateOptions) {
  const all = givenOpen()
  const iterator = all.client.events('a', options)
  const sayNext = (data: unknown) => say(all.link(), 'a', data)
  for (let data = 1; data <= count; data += 1) sayNext(data)
  return { ...all, iterator, sayNext }
}

describe('with the policy throw', () => {
  test('[RT6] one message too many fails the iterator, after what is kept, once', async () => {
    const { iterator } = unread(3, { limit: 2, whenFull: 'throw' })

    expect(await take(iterator, 5)).toEqual([1, 2, tooSlow, 'done', 'done'])
  })

  test('[RT6] as many as the limit are no failure', async () => {
    const { client, iterator } = unread(2, { limit: 2, whenFull: 'throw' })
    client.close()

    expect(await take(iterator, 3)).toEqual([1, 2, 'done'])
  })

  test('[RT6] a failed iterator listens no more, also while somebody still takes what it kept', async () => {
    const { iterator, link, sayNext } = unread(3, { limit: 2 })

    expect(listenedTo(link())).toEqual([])
    expect(await take(iterator, 1)).toEqual([1])
    sayNext(4)
    expect(await take(iterator, 3)).toEqual([2, tooSlow, 'done'])
  })

  test('[RT6] a failed iterator costs neither the client nor another iterator', async () => {
    const { client, link } = givenOpen()
    const other = client.events('a', { limit: 3 })
    client.events('a', { limit: 1 })
    for (const data of [1, 2, 3]) say(link(), 'a', data)

    expect(client.state.status).toBe('open')
    expect(await take(other, 3)).toEqual([1, 2, 3])
  })

  test('[RT6] what comes after the failure is the first error, also when the client fails too', async () => {
    const { iterator, link } = unread(3, { limit: 2 })
    link().end({ code: 'refused' })

    expect(await take(iterator, 4)).toEqual([1, 2, tooSlow, 'done'])
  })

  test('[RT6] a loop throws the failure', async () => {
    const { client, link } = givenOpen()
    let goOn = () => {}
    const busy = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const read = reading(client.events('a', { limit: 2 }), () => busy)
    for (const data of [1, 2, 3]) say(link(), 'a', data)
    await settled()
    say(link(), 'a', 4)
    goOn()
    await settled()

    expect(read).toEqual({ values: [1, 2, 3], end: tooSlow })
  })
})

test('[RT6] with drop-oldest the newest are kept', async () => {
  const { client, iterator } = unread(5, { limit: 2, whenFull: 'drop-oldest' })
  client.close()

  expect(await take(iterator, 3)).toEqual([4, 5, 'done'])
})

test('[RT6] with drop-newest the oldest are kept', async () => {
  const { client, iterator } = unread(5, { limit: 2, whenFull: 'drop-newest' })
  client.close()

  expect(await take(iterator, 3)).toEqual([1, 2, 'done'])
})

test.each([
  ['drop-oldest', [2, 3, 4, 5]],
  ['drop-newest', [1, 2, 4, 5]],
] as const)('[RT6] with %s the iterator goes on after the loss', async (whenFull, taken) => {
  const { iterator, sayNext } = unread(3, { limit: 2, whenFull })
  const first = await take(iterator, 2)
  sayNext(4)
  sayNext(5)

  expect([...first, ...(await take(iterator, 2))]).toEqual(taken)
})

test.each([
  ['drop-oldest', [1, 3, 4]],
  ['drop-newest', [1, 2, 3]],
] as const)('[RT6] with %s there is room again for each that is taken', async (whenFull, taken) => {
  const { client, iterator, sayNext } = unread(2, { limit: 2, whenFull })
  const first = await take(iterator, 1)
  sayNext(3)
  sayNext(4)
  client.close()

  expect([...first, ...(await take(iterator, 2))]).toEqual(taken)
})

test.each(['drop-oldest', 'drop-newest'] as const)('[RT6] with %s nothing is told', (whenFull) => {
  const { told } = unread(5, { limit: 2, whenFull })

  expect(told.errors).toEqual([])
})

test('[RT6] 1000 are kept unless told otherwise', async () => {
  const { iterator } = unread(1000)
  const { iterator: failed } = unread(1001, { limit: undefined, whenFull: undefined, signal: undefined })

  expect(await take(iterator, 1000)).toHaveLength(1000)
  expect((await take(failed, 1001)).at(-1)).toEqual(tooSlow)
})

test('[RT6] a limit of Infinity keeps everything', async () => {
  const { client, iterator } = unread(5000, { limit: Infinity })
  client.close()
  const taken = await take(iterator, 5001)

  expect(taken.slice(0, 3)).toEqual([1, 2, 3])
  expect(taken.slice(-2)).toEqual([5000, 'done'])
})

test('[RT6] what goes to a call of next that waits does not count', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a', { limit: 1 })
  const calls = take(iterator, 3)
  for (const data of [1, 2, 3]) {
    say(link(), 'a', data)
    await settled()
  }
  const waiting = [iterator.next(), iterator.next()]
  for (const data of [4, 5, 6]) say(link(), 'a', data)

  expect(await calls).toEqual([1, 2, 3])
  expect(await Promise.all(waiting)).toEqual([
    { done: false, value: 4 },
    { done: false, value: 5 },
  ])
  expect(await take(iterator, 1)).toEqual([6])
})

test.each<[string, unknown]>([
  ['a limit of 0', { limit: 0 }],
  ['a negative limit', { limit: -1 }],
  ['a limit of NaN', { limit: Number.NaN }],
  ['a text as limit', { limit: '10' }],
  ['null as limit', { limit: null }],
  ['a policy that is none', { whenFull: 'drop' }],
  ['null as policy', { whenFull: null }],
])('[TR7] %s of an iterator throws where it is given, and nothing listens', (_, options) => {
  const { client, link } = givenOpen()

  expect(() => client.events('a', options as IterateOptions)).toThrow(mistake)
  expect(listenedTo(link())).toEqual([])
})

test.each([undefined, null, 5, () => {}])('[TR7] events throws for an event like %o', (event) => {
  expect(() => given().client.events(event as never)).toThrow(mistake)
})

test('[TR7] what is no signal throws where it is given, and nothing listens', () => {
  const { client, link } = givenOpen()

  expect(() => client.events('a', { signal: {} as AbortSignal })).toThrow()
  expect(listenedTo(link())).toEqual([])
})

test('[TR7] what is no name throws where it is given, and nothing listens to the signal', () => {
  const { client } = givenOpen()
  const { signal, listeners } = countedSignal()

  expect(() => client.events(7 as never, { signal })).toThrow(mistake)
  expect(listeners.size).toBe(0)
})
