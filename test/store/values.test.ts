import { describe, expect, test, vi } from 'vitest'
import { fold, history, latest, type Store, stateStore } from '../../src/store/index.ts'
import { codeThrownBy, givenConnecting, given as givenIdle, givenOpen, say } from '../circumstances.ts'

describe('stateStore', () => {
  test('[ST1] the snapshot is the state of the client, the same object, with or without subscribers', () => {
    const { client, link } = givenConnecting()
    const store = stateStore(client)
    expect(store.getSnapshot()).toBe(client.state)

    link().open()

    expect(store.getSnapshot()).toBe(client.state)
    expect(store.getSnapshot().status).toBe('open')
  })

  test('before it connects, the snapshot for a server is the state itself', () => {
    const { client } = givenIdle()
    const store = stateStore(client)

    expect(store.getServerSnapshot()).toBe(store.getSnapshot())
  })

  test('of a client that was connected before, the snapshot for a server is what a server has rendered', () => {
    const store = stateStore(givenOpen().client)

    expect(store.getServerSnapshot()).toEqual({ status: 'idle' })
    expect(store.getServerSnapshot()).toBe(store.getServerSnapshot())
    expect(Object.isFrozen(store.getServerSnapshot())).toBe(true)
  })

  test('whoever is told of a change that was overtaken finds the newer state', () => {
    const { client, link } = givenConnecting()
    const store = stateStore(client)
    const seen: string[] = []
    client.onState(({ status }) => status === 'open' && client.close())
    store.subscribe(() => seen.push(store.getSnapshot().status))

    link().open()

    expect(seen).toEqual(['closed'])
  })
})

describe('latest', () => {
  test('it is undefined before the first', () => {
    const { client } = givenOpen()

    expect(latest(client, 'tick').getSnapshot()).toBeUndefined()
  })

  test('[ST1] a payload that is the same as the one before is no change', () => {
    const { store, receive, listener } = followed(latest)

    receive('a')
    receive('a')
    expect(listener).toHaveBeenCalledTimes(1)
    receive('b')

    expect(listener).toHaveBeenCalledTimes(2)
    expect(store.getSnapshot()).toBe('b')
  })

  test('it hears no other event', () => {
    const { store, link, listener } = followed(latest)

    say(link(), 'other', 1)

    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot()).toBeUndefined()
  })
})

describe('history', () => {
  test('it is empty before the first, and for a server', () => {
    const { store } = followed(history)

    expect(store.getSnapshot()).toEqual([])
    expect(store.getServerSnapshot()).toBe(store.getSnapshot())
  })

  test('it has the newest, oldest first, at most as many as the limit', () => {
    const { store, receive } = followed((client, event) => history(client, event, { limit: 3 }))
    const seen: unknown[] = []

    for (let step = 1; step <= 7; step += 1) {
      receive(step)
      seen.push(store.getSnapshot())
    }

    expect(seen).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6, 7]])
  })

  test('it is right whenever it is read, and however much came in between', () => {
    const { store, receive } = followed((client, event) => history(client, event, { limit: 4 }))

    for (let step = 1; step <= 6; step += 1) receive(step)
    expect(store.getSnapshot()).toEqual([3, 4, 5, 6])
    for (let step = 7; step <= 29; step += 1) receive(step)

    expect(store.getSnapshot()).toEqual([26, 27, 28, 29])
  })

  test('a hundred are kept where nobody says how many', () => {
    const { store, receive } = followed(history)

    for (let step = 1; step <= 250; step += 1) receive(step)

    expect(store.getSnapshot()).toEqual(Array.from({ length: 100 }, (_, index) => 151 + index))
  })

  test.each([
    [1, [9]],
    [2.9, [8, 9]],
    [Number.POSITIVE_INFINITY, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('with a limit of %s it has so many', (limit, kept) => {
    const { store, receive } = followed((client, event) => history(client, event, { limit }))

    for (let step = 1; step <= 9; step += 1) receive(step)

    expect(store.getSnapshot()).toEqual(kept)
  })

  test('[ST1] equal payloads are messages of their own, and a list that was read does not change any more', () => {
    const { store, receive, listener } = followed((client, event) => history(client, event, { limit: 2 }))

    receive('a')
    const one = store.getSnapshot()
    receive('a')
    receive('a')

    expect([one, store.getSnapshot()]).toEqual([['a'], ['a', 'a']])
    expect(listener).toHaveBeenCalledTimes(3)
  })

  test('payloads that are lists stay lists', () => {
    const { store, receive } = followed((client, event) => history(client, event, { limit: 2 }))

    for (const payload of [[1], [2, 3], []]) receive(payload)

    expect(store.getSnapshot()).toEqual([[2, 3], []])
  })

  test('[ST1] after a pause without subscribers it goes on behind what it had', () => {
    const { store, receive, end } = followed((client, event) => history(client, event, { limit: 2 }))
    receive(1)
    receive(2)
    end()
    receive(3)
    expect(store.getSnapshot()).toEqual([1, 2])
    store.subscribe(() => {})

    receive(4)

    expect(store.getSnapshot()).toEqual([2, 4])
  })

  test.each([0, -1, Number.NaN, '2'])('a limit of %s is a usage mistake', (limit) => {
    const { client } = givenOpen()

    expect(codeThrownBy(() => history(client, 'tick', { limit: limit as number }))).toBe('invalid-config')
  })
})

describe('fold', () => {
  test('it begins with the initial value, and folds every payload in order', () => {
    const { store, receive } = followed((client, event) => fold(client, event, (all: string, part) => all + part, '>'))
    expect(store.getSnapshot()).toBe('>')

    for (const part of ['a', 'b', 'c']) receive(part)

    expect(store.getSnapshot()).toBe('>abc')
  })

  test('[ST1] a message that changes nothing is told to nobody', () => {
    const { receive, listener } = followed((client, event) =>
      fold(client, event, (most: number, size) => Math.max(most, size), 0),
    )

    for (const size of [1, 1, 3, 2, 4]) receive(size)

    expect(listener).toHaveBeenCalledTimes(3)
  })

  test('[ST1] a value that is no number is one value', () => {
    const { receive, listener } = followed((client, event) => fold(client, event, () => Number.NaN, 0))

    receive(1)
    receive(2)

    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('what the reducer throws is told to `onError`, and that message is passed over', () => {
    const cause = new Error('odd')
    const { store, receive, listener, told } = followed((client, event) =>
      fold(
        client,
        event,
        (sum: number, step) => {
          if (step % 2) throw cause
          return sum + step
        },
        0,
      ),
    )

    for (const step of [2, 3, 4]) receive(step)

    expect(told.errors.map((error) => [error.code, error.cause])).toEqual([['listener', cause]])
    expect(listener).toHaveBeenCalledTimes(2)
    expect(store.getSnapshot()).toBe(6)
  })

  test('a message that comes while subscribers are told waits until all have been told', () => {
    const { store, receive } = followed((client, event) => fold(client, event, (sum: number, step) => sum + step, 0))
    const seen: unknown[] = []
    store.subscribe(() => {
      seen.push(store.getSnapshot())
      if (seen.length === 1) receive(10)
      seen.push('done')
    })

    receive(1)

    expect(seen).toEqual([1, 'done', 11, 'done'])
  })

  test.each([
    ['no event', () => fold(givenOpen().client, undefined as never, (sum: number) => sum, 0)],
    ['no reducer', () => fold(givenOpen().client, 'tick', 0 as never, 0)],
    ['no such pace', () => fold(givenOpen().client, 'tick', (sum: number) => sum, 0, { batch: 'raf' as never })],
  ])('%s is a usage mistake', (_, act) => {
    expect(codeThrownBy(act)).toBe('invalid-config')
  })
})

type Client = ReturnType<typeof givenOpen>['client']

/** A store of the event 'tick', and one subscriber. */
function followed<T>(make: (client: Client, event: string) => Store<T>) {
  const open = givenOpen()
  const store = make(open.client, 'tick')
  const listener = vi.fn()
  const end = store.subscribe(listener)
  return { ...open, store, listener, end, receive: (data: unknown) => say(open.link(), 'tick', data) }
}
