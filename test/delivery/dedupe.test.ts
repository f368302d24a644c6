import { expect, test } from 'vitest'
import type { ClientOptions } from '../../src/index.ts'
import { codeThrownBy, given, givenOpen, givenRaw, say } from '../circumstances.ts'
import { givenStream } from '../transports/streaming.ts'

test('[RS3] an overlap after a resume is delivered once', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 10 })
  bring('1', '2', '3')
  resume()
  bring('2', '3', '4')

  expect(heard).toEqual(['1', '2', '3', '4'])
})

test('[RS3] a pong between two messages of one id makes no repetition of the second', () => {
  const { client, link } = givenRaw({}, { dedupe: 10 })
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  client.connect()
  link().observer.opened()
  link().observer.received({ data: '{"type":"news","data":"a","id":"7"}' })
  link().observer.alive()
  link().observer.received({ data: '{"type":"news","data":"b","id":"7"}' })

  expect(heard).toEqual(['a', 'b'])
})

test('[RS3] onAny and iterators do not get what comes again either', async () => {
  const { client, link } = givenOpen({ dedupe: 10 })
  const all: unknown[] = []
  client.onAny((data) => all.push(data))
  const iterator = client.events('news')
  say(link(), 'news', 'a', '1')
  client.reconnect()
  link().open()
  say(link(), 'news', 'a', '1')
  say(link(), 'news', 'b', '2')

  expect(all).toEqual(['a', 'b'])
  expect([(await iterator.next()).value, (await iterator.next()).value]).toEqual(['a', 'b'])
})

test('[RS3] ids count, not positions: they may come again in any order, and need not be numbers', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 10 })
  bring('1795210437:0,[0]', 'b', 'ä')
  resume()
  bring('ä', 'c', '1795210437:0,[0]', 'b', 'd')

  expect(heard).toEqual(['1795210437:0,[0]', 'b', 'ä', 'c', 'd'])
})

test('[RS3] an overlap on one and the same link is delivered once', () => {
  const { heard, bring } = givenIds({ dedupe: 10 })
  bring('1', '2', '1', '2', '3')

  expect(heard).toEqual(['1', '2', '3'])
})

test('[RS3] an overlap after close() and connect() is delivered once', () => {
  const { client, heard, bring, open } = givenIds({ dedupe: 10 })
  bring('1', '2')
  client.close()
  client.connect()
  open()
  bring('2', '3')

  expect(heard).toEqual(['1', '2', '3'])
})

test('[RS3] a message with the id of the one just before it on the same link is delivered', () => {
  const { heard, bring } = givenIds({ dedupe: 10 })
  bring('1', '1', '1', '2')

  expect(heard).toEqual(['1', '1', '1', '2'])
})

test('[RS3] a message with the id of the one just before it on another link is not delivered', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 10 })
  bring('1')
  resume()
  bring('1', '2')

  expect(heard).toEqual(['1', '2'])
})

test('[RS3] the ids of server-sent events count as those inside of frames do', () => {
  const { client, link } = givenOpen({ dedupe: 10 })
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  link().receive({ event: 'news', data: '1', id: 'a' })
  client.reconnect()
  link().open()
  link().receive({ event: 'news', data: '1', id: 'a' })
  link().receive({ event: 'news', data: '2', id: 'b' })

  expect(heard).toEqual([1, 2])
})

test.each([undefined, ''])('[RS3] messages with the id %o are delivered, however often they come', (id) => {
  const { heard, bring, resume } = givenIds({ dedupe: 10 })
  bring(id, '1', id)
  resume()
  bring(id, '2', id)

  expect(heard).toHaveLength(6)
})

test.each([{}, { dedupe: 0 }, { dedupe: undefined }])(
  '[RS3] with the options %o an overlap is delivered twice',
  (options) => {
    const { heard, bring, resume } = givenIds(options)
    bring('1', '2')
    resume()
    bring('2', '3')

    expect(heard).toEqual(['1', '2', '2', '3'])
  },
)

test('[RS3] the newest N ids are known again', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 3 })
  bring('1', '2', '3', '4', '5')
  resume()
  bring('3', '4', '5', '6')

  expect(heard).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('[RS3] an id before the newest N is not known any more', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 3 })
  bring('1', '2', '3', '4', '5')
  resume()
  bring('2')

  expect(heard).toEqual(['1', '2', '3', '4', '5', '2'])
})

test('[RS3] the window moves on with what is new, for ever', () => {
  const { heard, bring, resume } = givenIds({ dedupe: 50 })
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`)
  for (let from = 0; from < 5000; from += 100) {
    bring(...numbers(Math.max(0, from - 50), from + 100))
    resume()
  }

  expect(heard).toEqual(numbers(0, 5000))
})

test('[RS3] a message whose listener threw has been delivered', () => {
  const { client, heard, bring, resume } = givenIds({ dedupe: 10 })
  client.on('news', () => {
    throw new Error('a bug')
  })
  bring('1')
  resume()
  bring('1')

  expect(heard).toEqual(['1'])
})

// The parser begins with the last id, so that the event has it, and passes for a repetition of the one that brought it; and
// the repetition that follows passes for another event under the same id.
test('[RS3] an event without an id of its own that a resumed stream begins with is delivered, and what it brings again is not', async () => {
  const { client, send, fail, answer, environment } = await givenStream({}, { dedupe: 10 })
  const heard: unknown[] = []
  client.on('message', (data) => heard.push(data))
  await send('id: 1\ndata: a\n\n')
  await fail()
  await environment.advance(600)
  await answer()
  await send('data: welcome back\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n')

  expect(heard).toEqual(['a', 'welcome back', 'b'])
})

test('[RS3] events without an id of their own are delivered, also behind a repetition', async () => {
  const { client, send, fail, answer, environment } = await givenStream({}, { dedupe: 10 })
  const heard: unknown[] = []
  client.on('message', (data) => heard.push(data))
  await send('id: 1\ndata: a\n\ndata: alone\n\n')
  await fail()
  await environment.advance(600)
  await answer()
  await send('id: 1\ndata: a\n\ndata: alone too\n\nid: 2\ndata: b\n\n')

  expect(heard).toEqual(['a', 'alone', 'alone too', 'b'])
})

test('[RS1] lastEventId moves for what comes again, too', () => {
  const { client, link, bring, resume } = givenIds({ dedupe: 10 })
  bring('1', '2', '3')
  resume()
  bring('1')

  expect(client.lastEventId).toBe('1')
  expect(link().request.lastEventId).toBe('1')
})

test('[HB2] what comes again is a sign of life', async () => {
  const { environment, bring, told } = givenIds({ dedupe: 10, heartbeat: { idle: 1000, timeout: 500 } })
  bring('1', '2')
  for (let beat = 0; beat < 5; beat += 1) {
    await environment.advance(1000)
    bring('1', '2')
  }

  expect(told.codes).toEqual([])
})

test.each([-1, Number.NaN, '10'])('[TR7] dedupe: %o throws at once', (dedupe) => {
  expect(codeThrownBy(() => given({ dedupe: dedupe as number }))).toBe('invalid-config')
})

/** An open client that writes down the ids of the messages that it hears. */
function givenIds(options: ClientOptions) {
  const all = givenOpen(options as Parameters<typeof givenOpen>[0])
  const heard: (string | undefined)[] = []
  all.client.on('news', (_, { id }) => heard.push(id))
  const open = () => all.link().open()
  return {
    ...all,
    heard,
    open,
    bring(...ids: readonly (string | undefined)[]) {
      for (const id of ids) say(all.link(), 'news', 0, id)
    },
    resume() {
      all.client.reconnect()
      open()
    },
  }
}
