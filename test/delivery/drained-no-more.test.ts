import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import {
  codeThrownBy,
  countedSignal,
  given,
  givenConnecting,
  givenFailed,
  givenOpen,
  givenSuspended,
  givenWaiting,
} from '../circumstances.ts'
import { givenBehind, watch } from './behind.ts'

describe('drained rejects', () => {
  test.each([
    ['idle', given],
    ['connecting', givenConnecting],
    ['open', givenOpen],
    ['waiting', givenWaiting],
    ['suspended', givenSuspended],
  ] as const)('[SQ5] with aborted when closed while %s', async (_, circumstance) => {
    const { client, environment, link } = circumstance()
    client.send('note', 1)
    if (client.state.status === 'open') link().bufferedAmount = 1000
    const drained = watch(client.drained())
    await environment.advance(0)
    expect(drained.outcome).toBeUndefined()
    client.close()
    await environment.advance(0)

    expect(drained.outcome).toMatchObject({ code: 'aborted' })
    expect(environment.held).toBe(0)
  })

  test('[SQ5] with the error that closes the client', async () => {
    const { client, environment, link, drain } = givenBehind()
    const drained = drain()
    link().end({ code: 'refused' })
    await environment.advance(0)

    expect(drained.outcome).toBe((client.state as { error?: unknown }).error)
    expect(drained.outcome).toMatchObject({ code: 'refused' })
    expect(environment.held).toBe(0)
  })

  test('[SQ5] on a closed client, at once, though nothing waits', async () => {
    const { client } = given()
    client.close()

    await expect(client.drained()).rejects.toMatchObject({ code: 'aborted' })
  })

  test('[SQ5] on a client that a failure has closed, with that failure', async () => {
    const { client } = givenFailed()

    await expect(client.drained()).rejects.toMatchObject({ code: 'refused' })
  })

  test('[SQ5] when closed and connected again in one tick', async () => {
    const { client, environment, drain } = givenBehind()
    const drained = drain()
    client.close()
    client.connect()
    await environment.advance(0)

    expect(drained.outcome).toMatchObject({ code: 'aborted' })
  })

  test("[SQ5] with the signal's reason, and leaves nothing", async () => {
    const reason = { why: 'enough' }
    const controller = new AbortController()
    const { environment, idle, drain } = givenBehind()
    const drained = drain({ signal: controller.signal })
    controller.abort(reason)
    await environment.advance(0)

    expect(drained.outcome).toBe(reason)
    expect(environment.held).toBe(idle)
  })

  test("[SQ5] with a signal's usual reason", async () => {
    const controller = new AbortController()
    const { environment, drain } = givenBehind()
    const drained = drain({ signal: controller.signal })
    controller.abort()
    await environment.advance(0)

    expect(drained.outcome).toMatchObject({ name: 'AbortError' })
  })

  test.each([
    ['much waits', 1000],
    ['nothing waits', 0],
  ])('[SQ5] where the signal is aborted already and %s', async (_, bytes) => {
    const { environment, idle, drain } = givenBehind(bytes)
    const drained = drain({ signal: AbortSignal.abort('no') })
    await environment.advance(0)

    expect(drained.outcome).toBe('no')
    expect(environment.held).toBe(idle)
  })

  test.each([-1, Number.NaN, '0', null])('[TR7] below as %j throws', (below) => {
    const { client } = given()

    expect(codeThrownBy(() => void client.drained({ below } as never))).toBe('invalid-config')
  })
})

describe('drained leaves nothing', () => {
  test.each([
    [
      'it resolves',
      'resolved',
      (all: ReturnType<typeof givenBehind>) => Object.assign(all.link(), { bufferedAmount: 0 }),
    ],
    ['the client closes', 'aborted', (all: ReturnType<typeof givenBehind>) => all.client.close()],
    ['the link is lost', 'resolved', (all: ReturnType<typeof givenBehind>) => all.link().end()],
  ])('[SQ5] on its signal when %s', async (_, outcome, act) => {
    const { signal, listeners } = countedSignal()
    const all = givenBehind()
    const drained = all.drain({ signal })
    expect(listeners.size).toBe(1)
    act(all)
    await all.environment.advance(50)

    expect([drained.outcome, (drained.outcome as RealtimeError).code]).toContain(outcome)
    expect(listeners.size).toBe(0)
  })

  test('[SQ5] on a signal that is aborted', async () => {
    const { signal, listeners, abort } = countedSignal()
    const { environment, drain } = givenBehind()
    drain({ signal })
    abort()
    await environment.advance(0)

    expect(listeners.size).toBe(0)
  })

  test('[SQ5] of a thousand that have resolved', async () => {
    const { environment, idle, link, drain } = givenBehind()
    const all = Array.from({ length: 1000 }, () => drain())
    link().bufferedAmount = 0
    await environment.advance(50)

    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(new Set(['resolved']))
    expect(environment.held).toBe(idle)
  })
})

test.each([new RealtimeError('timeout'), 0, '', false])('[SQ5] the reason %j is handed on as it is', async (reason) => {
  await expect(given().client.drained({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('[SQ5] the reason null is handed on as it is', async () => {
  await expect(given().client.drained({ signal: AbortSignal.abort(null) })).rejects.toBe(null)
})
