import { describe, expect, test, vi } from 'vitest'
import { codeThrownBy } from '../circumstances.ts'
import { eventKinds, everyKind, given } from './every-store.ts'

describe.each(everyKind)('%s', (kind) => {
  test('[ST1] a snapshot is the same reference until a change', () => {
    const { store, change } = given(kind)
    store.subscribe(() => {})
    change()

    const before = store.getSnapshot()
    expect(store.getSnapshot()).toBe(before)
    change()
    const after = store.getSnapshot()

    expect(after).not.toBe(before)
    expect(store.getSnapshot()).toBe(after)
  })

  test('[ST1] whoever is called back finds the new snapshot, and is called once for a change, with nothing', () => {
    const { store, change } = given(kind)
    const seen: unknown[] = []
    const listener = vi.fn(() => seen.push(store.getSnapshot()))
    store.subscribe(listener)

    change()
    const first = store.getSnapshot()
    change()

    expect(seen).toEqual([first, store.getSnapshot()])
    expect(listener.mock.calls).toEqual([[], []])
  })

  test('[ST1] nobody is called back for the value of now', () => {
    const { store, change } = given(kind)
    store.subscribe(() => {})
    change()
    const listener = vi.fn()

    store.subscribe(listener)

    expect(listener).not.toHaveBeenCalled()
  })

  test('[ST1] there is no subscription to the client before the first subscriber, one for all, and none after the last', () => {
    const { store, subscriptions } = given(kind)
    expect(subscriptions).toEqual({ live: 0, made: 0 })

    const ends = [store.subscribe(() => {}), store.subscribe(() => {}), store.subscribe(() => {})]
    expect(subscriptions).toEqual({ live: 1, made: 1 })
    ends[0]?.()
    ends[2]?.()
    expect(subscriptions.live).toBe(1)
    ends[1]?.()

    expect(subscriptions).toEqual({ live: 0, made: 1 })
  })

  test('[ST1] mounting, unmounting and mounting again leaves one subscription, and one call for a change', () => {
    const { store, change, subscriptions } = given(kind)
    const listener = vi.fn()

    store.subscribe(listener)()
    store.subscribe(listener)
    change()

    expect(subscriptions.live).toBe(1)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('[ST1] an end that is called twice ends nobody else', () => {
    const { store, change, subscriptions } = given(kind)
    const listener = vi.fn()
    const end = store.subscribe(() => {})
    store.subscribe(listener)

    end()
    end()
    change()

    expect(subscriptions.live).toBe(1)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('[ST1] an old end does not end what came after it', () => {
    const { store, change, subscriptions } = given(kind)
    const listener = vi.fn()
    const end = store.subscribe(() => {})
    end()
    store.subscribe(listener)

    end()
    change()

    expect(subscriptions.live).toBe(1)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('the same function that subscribes twice is called twice, and each end ends one', () => {
    const { store, change } = given(kind)
    const listener = vi.fn()
    const end = store.subscribe(listener)
    store.subscribe(listener)

    change()
    expect(listener).toHaveBeenCalledTimes(2)
    end()
    change()

    expect(listener).toHaveBeenCalledTimes(3)
  })

  test('who leaves while others are told is not called any more', () => {
    const { store, change } = given(kind)
    const left = vi.fn()
    store.subscribe(() => end())
    const end = store.subscribe(left)

    change()

    expect(left).not.toHaveBeenCalled()
  })

  test('the last that leaves while it is told ends the subscription to the client', () => {
    const { store, change, subscriptions } = given(kind)
    const listener = vi.fn(() => end())
    const end = store.subscribe(listener)

    change()
    change()

    expect(listener).toHaveBeenCalledTimes(1)
    expect(subscriptions.live).toBe(0)
  })

  test('who comes while others are told is called from the next change on', () => {
    const { store, change } = given(kind)
    const late = vi.fn()
    let isIn = false
    store.subscribe(() => {
      if (!isIn) store.subscribe(late)
      isIn = true
    })

    change()
    expect(late).not.toHaveBeenCalled()
    change()

    expect(late).toHaveBeenCalledTimes(1)
  })

  test('what a callback throws is told to `onError`, and keeps nobody from being called', () => {
    const { store, change, told } = given(kind)
    const cause = new Error('broken')
    const other = vi.fn()
    store.subscribe(() => {
      throw cause
    })
    store.subscribe(other)

    change()
    change()

    expect(told.errors.map((error) => [error.code, error.cause])).toEqual([
      ['listener', cause],
      ['listener', cause],
    ])
    expect(other).toHaveBeenCalledTimes(2)
  })

  test('what several callbacks throw is told in one', () => {
    const { store, change, told } = given(kind)
    const causes = [new Error('one'), new Error('two')]
    for (const cause of causes) {
      store.subscribe(() => {
        throw cause
      })
    }

    change()

    expect(told.codes).toEqual(['listener'])
    expect(told.errors[0]?.cause).toMatchObject({ name: 'AggregateError', errors: causes })
  })

  test('a callback that is no function is a usage mistake, and leaves no subscription', () => {
    const { store, subscriptions } = given(kind)

    expect(codeThrownBy(() => store.subscribe(undefined as never))).toBe('invalid-config')
    expect(subscriptions.live).toBe(0)
  })

  test('[ST1] for a server the snapshot is the initial one, whatever has happened', () => {
    const { store, change } = given(kind)
    const initial = store.getServerSnapshot()
    store.subscribe(() => {})

    change()

    // Read first: a store may make its snapshot when it is asked for it.
    expect(store.getSnapshot()).not.toEqual(initial)
    expect(store.getServerSnapshot()).toBe(initial)
  })
})

describe.each(eventKinds)('%s', (kind) => {
  test('[ST1] when the last subscriber has gone, the last value stays', () => {
    const { store, change } = given(kind)
    const end = store.subscribe(() => {})
    change()
    const last = store.getSnapshot()

    end()
    change()

    expect(store.getSnapshot()).toBe(last)
  })

  test('[ST1] a store that nobody follows has its initial value', () => {
    const { store, change } = given(kind)

    change()

    expect(store.getSnapshot()).toBe(store.getServerSnapshot())
  })
})
