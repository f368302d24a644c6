import { expect, test } from 'vitest'
import type { given } from '../circumstances.ts'
import { countedSignal, givenConnecting, givenFailed, givenOpen, givenWaiting } from '../circumstances.ts'

type All = ReturnType<typeof given>

/** What has become of a promise by now, without waiting for it. */
function outcome(promise: Promise<void>): { current: unknown } {
  const result: { current: unknown } = { current: 'pending' }
  promise.then(
    () => {
      result.current = 'open'
    },
    (error) => {
      result.current = error
    },
  )
  return result
}

async function outcomeAfter(all: All, act: () => void, signal?: AbortSignal) {
  const result = outcome(all.client.opened({ signal }))
  act()
  await all.environment.advance(0)
  return result.current
}

test('[CN15] opened() resolves at once when it is open', async () => {
  await expect(givenOpen().client.opened()).resolves.toBeUndefined()
})

test('[CN15] opened() resolves when it opens', async () => {
  const all = givenConnecting()

  expect(await outcomeAfter(all, () => all.link().open())).toBe('open')
})

test('[CN15] opened() does not connect', async () => {
  const { client, transport } = givenFailed()
  await client.opened().catch(() => {})

  expect(transport.links).toHaveLength(1)
})

test('[CN15] opened() is pending while it connects and waits', async () => {
  const all = givenConnecting()

  expect(await outcomeAfter(all, () => all.link().end())).toBe('pending')
})

test('[CN15] opened() survives failures, and resolves when a later try opens', async () => {
  const all = givenWaiting()
  const result = outcome(all.client.opened())
  await all.environment.advance(600)
  all.link().open()
  await all.environment.advance(0)

  expect(result.current).toBe('open')
})

test('[CN15] opened() rejects with the error that closes', async () => {
  const all = givenConnecting()
  const act = () => all.link().end({ code: 'refused', status: 403 })

  expect(await outcomeAfter(all, act)).toMatchObject({ code: 'refused', status: 403 })
})

test('[CN15] opened() rejects as aborted when it is closed', async () => {
  const all = givenConnecting()

  expect(await outcomeAfter(all, () => all.client.close())).toMatchObject({ code: 'aborted' })
})

test('[CN15] opened() rejects at once on a client that a failure has closed', async () => {
  await expect(givenFailed().client.opened()).rejects.toMatchObject({ code: 'refused' })
})

test('[CN15] opened() rejects at once on a client that was closed', async () => {
  const { client } = givenOpen()
  client.close()

  await expect(client.opened()).rejects.toMatchObject({ code: 'aborted' })
})

test('[CN15] opened() rejects when an open and a close() come in one task', async () => {
  const all = givenConnecting()
  all.client.onState(({ status }) => {
    if (status === 'open') all.client.close()
  })

  expect(await outcomeAfter(all, () => all.link().open())).toMatchObject({ code: 'aborted' })
})

test('[CN15] opened() rejects with the reason of a signal that is aborted', async () => {
  const all = givenConnecting()
  const patience = new AbortController()
  const reason = new Error('too slow')

  expect(await outcomeAfter(all, () => patience.abort(reason), patience.signal)).toBe(reason)
})

test('[CN15] opened() rejects at once with the reason of a signal that was aborted', async () => {
  const reason = new Error('too late')

  await expect(givenOpen().client.opened({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('[CN15] a signal that is aborted after the opening changes nothing', async () => {
  const all = givenConnecting()
  const patience = new AbortController()
  const act = () => {
    all.link().open()
    patience.abort()
  }

  expect(await outcomeAfter(all, act, patience.signal)).toBe('open')
})

test.each<[string, (all: All) => void]>([
  ['opens', (all) => all.link().open()],
  ['is closed', (all) => all.client.close()],
  ['fails', (all) => all.link().end({ code: 'refused' })],
])('[CN15] nothing listens to the signal any more when the client %s', async (_, act) => {
  const all = givenConnecting()
  const { signal, listeners } = countedSignal()
  const result = outcomeAfter(all, () => {}, signal)
  expect(listeners.size).toBe(1)
  await result
  act(all)

  expect(listeners.size).toBe(0)
})

test('[CN15] a signal that is aborted does not close the client', async () => {
  const all = givenConnecting()
  const patience = new AbortController()
  await outcomeAfter(all, () => patience.abort(), patience.signal)

  expect(all.client.state.status).toBe('connecting')
})

test('[CN15] all who wait hear of it', async () => {
  const { client, link } = givenConnecting()
  const waiting = [client.opened(), client.opened(), client.opened()]
  link().open()

  await expect(Promise.all(waiting)).resolves.toHaveLength(3)
})

test('[CN15] opened() inside of a listener settles', async () => {
  const { client, link, environment } = givenConnecting()
  const results: { current: unknown }[] = []
  client.onState(() => results.push(outcome(client.opened())))
  link().open()
  client.close()
  await environment.advance(0)

  expect(results.map(({ current }) => current)).toEqual(['open', expect.objectContaining({ code: 'aborted' })])
})
