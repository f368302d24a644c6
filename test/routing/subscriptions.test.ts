import { expect, test } from 'vitest'
import { countedSignal, givenOpen, say } from '../circumstances.ts'
import { givenKind, kinds } from './kinds.ts'

test.each(kinds)('[RT4] a listener of %s with once is called once', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  listen(note('once'), { once: true })
  happen()
  happen()

  expect(heard).toEqual(['once'])
})

test.each(kinds)('[RT4] a listener of %s with once that throws is called once', (kind) => {
  const { listen, happen, heard } = givenKind(kind)
  const throwIt = () => {
    heard.push('once')
    throw new Error('a bug')
  }
  listen(throwIt, { once: true })
  happen()
  happen()

  expect(heard).toEqual(['once'])
})

test('[RT4] a listener with once that causes its own event is called once', () => {
  const { client, told } = givenOpen()
  const heard: string[] = []
  client.onState(
    ({ status }) => {
      heard.push(status)
      client.reconnect()
    },
    { once: true },
  )
  client.reconnect()

  expect(heard).toEqual(['connecting'])
  expect(told.statuses).toEqual(['connecting', 'open', 'connecting', 'connecting'])
})

test.each(kinds)('[RT4] unsubscribing from %s twice ends that subscription alone', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  const stop = listen(note('stopped'))
  listen(note('kept'), { once: true })
  stop()
  stop()
  happen()

  expect(heard).toEqual(['kept'])
})

test.each(kinds)('[RT4] a signal ends a subscription of %s', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  const { abort, signal } = countedSignal()
  listen(note('heard'), { signal })
  abort()
  abort()
  happen()

  expect(heard).toEqual([])
})

test.each(kinds)('[RT4] a signal that was aborted makes no subscription of %s', (kind) => {
  const { listen, happen, heard, note } = givenKind(kind)
  const stop = listen(note('heard'), { signal: AbortSignal.abort() })
  happen()
  stop()

  expect(heard).toEqual([])
})

test.each<[string, (all: ReturnType<typeof givenKind>, stop: () => void) => void]>([
  ['unsubscribing', (_, stop) => stop()],
  [
    'unsubscribing twice',
    (_, stop) => {
      stop()
      stop()
    },
  ],
  ['a call with once', ({ happen }) => happen()],
])('[RT4] after %s nothing listens to the signal', (_, act) => {
  const all = givenKind('on')
  const { signal, listeners } = countedSignal()
  const stop = all.listen(all.note('heard'), { signal, once: true })
  expect(listeners.size).toBe(1)
  act(all, stop)

  expect(listeners.size).toBe(0)
})

test('[RT4] a signal that a listener aborts keeps the rest of the dispatch from hearing', () => {
  const { client, link } = givenOpen()
  const { abort, signal } = countedSignal()
  const heard: string[] = []
  client.on('news', () => abort())
  client.on('news', () => heard.push('news'), { signal })
  say(link(), 'news')

  expect(heard).toEqual([])
})
