import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { binary, type QueueOptions, text } from '../../src/index.ts'
import { codeThrownBy, givenConnecting, payloads } from '../circumstances.ts'

const policies = ['throw', 'drop-oldest', 'drop-newest'] as const

/** Sends texts as they are, and keeps what came of it. */
function givenTexts(queue: QueueOptions) {
  const all = givenConnecting({ codec: text(), queue })
  const outcome = (message: string) => {
    let answer: string | undefined
    return codeThrownBy(() => (answer = all.client.send('message', message))) ?? answer
  }
  const arrived = () => {
    all.link().open()
    return all.link().sent
  }
  return { ...all, outcome, arrived }
}

test.each([
  ['one letter', 'a', 1],
  ['an accent', 'é', 2],
  ['a sign of money', '€', 3],
  ['an emoji', '🚀', 4],
  ['an emoji of several', '👩‍🚀', 11],
  ['half an emoji, which goes out as a replacement character', '\ud83d', 3],
  ['the other half', '\ude80', 3],
  ['two halves that are no pair', '\ude80\ud83d', 6],
  ['a byte order mark', '\ufeff', 3],
  ['a zero', '\0', 1],
])('[SQ1][SQ5] %s counts as its UTF-8', (_, message, size) => {
  const exactly = givenTexts({ maxBytes: size })
  expect(exactly.outcome(message)).toBe('queued')
  expect(exactly.client.bufferedAmount).toBe(size)
  if (size === 1) return

  expect(givenTexts({ maxBytes: size - 1 }).outcome(message)).toBe('queue-full')
})

const buffer = Uint8Array.from({ length: 16 }, (_, index) => index).buffer

test.each<[string, unknown, number[]]>([
  ['a buffer', buffer.slice(0, 4), [0, 1, 2, 3]],
  ['an empty buffer', new ArrayBuffer(0), []],
  ['a buffer of another realm', runInNewContext('new Uint8Array([7, 8]).buffer'), [7, 8]],
  ['a view from an offset', new Uint8Array(buffer, 4, 3), [4, 5, 6]],
  ['a DataView of the middle', new DataView(buffer, 9, 2), [9, 10]],
  ['a view of two bytes an element', new Uint16Array(buffer, 2, 3), [2, 3, 4, 5, 6, 7]],
  ['a view of eight bytes an element', new Float64Array(buffer, 8, 1), [8, 9, 10, 11, 12, 13, 14, 15]],
  ["one of Node's buffers, which share theirs", Buffer.from([5, 6, 7]), [5, 6, 7]],
])('[SQ1][SQ5] of %s its own bytes are counted and kept', (_, data, bytes) => {
  const { client, link } = givenConnecting({ codec: binary(), queue: { maxBytes: Math.max(1, bytes.length) } })

  expect(client.send('message', data)).toBe('queued')
  expect(client.bufferedAmount).toBe(bytes.length)
  link().open()
  expect([...(link().sent[0] as Uint8Array)]).toEqual(bytes)
})

test('[SQ1] the bound of bytes is that of the frames, names and quotes included', () => {
  const frame = '{"type":"note","data":1}'
  const { client } = givenConnecting({ queue: { maxBytes: frame.length } })

  expect(client.send('note', 1)).toBe('queued')
  expect(client.bufferedAmount).toBe(frame.length)
  expect(codeThrownBy(() => client.send('note', 1))).toBe('queue-full')
})

test.each(policies)('[SQ1] exactly at both bounds nothing is dropped under %s', (whenFull) => {
  const { outcome, arrived, told } = givenTexts({ maxMessages: 3, maxBytes: 6, whenFull })

  expect(['aa', 'bb', 'cc'].map(outcome)).toEqual(['queued', 'queued', 'queued'])
  expect(told.errors).toEqual([])
  expect(arrived()).toEqual(['aa', 'bb', 'cc'])
})

test('[SQ1] drop-newest over the bytes answers dropped, and takes what fits after that', () => {
  const { outcome, arrived, told } = givenTexts({ maxBytes: 5, whenFull: 'drop-newest' })

  expect(['aaa', 'bbb', 'cc'].map(outcome)).toEqual(['queued', 'dropped', 'queued'])
  expect(told.errors).toEqual([])
  expect(arrived()).toEqual(['aaa', 'cc'])
})

test('[SQ1] what throws over the bytes leaves room for what fits', () => {
  const { outcome, arrived } = givenTexts({ maxBytes: 5 })

  expect(['aaa', 'bbb', 'cc'].map(outcome)).toEqual(['queued', 'queue-full', 'queued'])
  expect(arrived()).toEqual(['aaa', 'cc'])
})

test('[SQ1] drop-oldest keeps both bounds, and drops no more than it must', () => {
  const { outcome, arrived, told } = givenTexts({ maxMessages: 3, maxBytes: 6, whenFull: 'drop-oldest' })
  for (const message of ['a', 'bbb', 'c', 'dd']) outcome(message)
  expect(told.codes).toEqual(['queue-full'])
  outcome('eeee')

  expect(told.codes).toEqual(['queue-full', 'queue-full', 'queue-full'])
  expect(arrived()).toEqual(['dd', 'eeee'])
})

test('[SQ1] drop-oldest makes room for a message that takes all of it', () => {
  const { outcome, arrived, told } = givenTexts({ maxBytes: 6, whenFull: 'drop-oldest' })
  for (const message of ['a', 'b', '🚀é']) outcome(message)

  expect(told.codes).toEqual(['queue-full', 'queue-full'])
  expect(arrived()).toEqual(['🚀é'])
})

test('[SQ1] an error of the queue quotes nothing of the message', () => {
  const { outcome, told, client } = givenTexts({ maxMessages: 1, maxBytes: 20, whenFull: 'drop-oldest' })
  let thrown: unknown
  outcome('secret')
  outcome('secret')
  try {
    client.send('message', 'secret'.repeat(9))
  } catch (error) {
    thrown = error
  }

  expect([...told.codes, thrown]).toMatchObject(['queue-full', { code: 'queue-full', retryable: false }])
  expect(`${told.errors} ${thrown}`).not.toContain('secret')
})

test('[SQ1] empty messages count as messages', () => {
  const { outcome, arrived } = givenTexts({ maxMessages: 2 })

  expect(['', '', ''].map(outcome)).toEqual(['queued', 'queued', 'queue-full'])
  expect(arrived()).toEqual(['', ''])
})

test('[SQ1] a queue with infinite bounds takes everything', () => {
  const { outcome } = givenTexts({ maxMessages: Infinity, maxBytes: Infinity })
  for (let sent = 0; sent < 1000; sent += 1) outcome('x'.repeat(2000))

  expect(outcome('x')).toBe('queued')
})

test('[SQ1] what was sent in every state but open goes out in order on the first link that opens', async () => {
  const { client, link, environment } = givenConnecting()
  client.send('note', 'connecting')
  link().end()
  client.send('note', 'waiting')
  environment.setOnline(false)
  client.send('note', 'offline')
  environment.setOnline(true)
  client.send('note', 'connecting again')
  environment.freeze()
  client.send('note', 'frozen')
  environment.resume()
  await environment.advance(0)
  link().open()

  expect(payloads(link().sent)).toEqual(['connecting', 'waiting', 'offline', 'connecting again', 'frozen'])
})

test('[SQ1] a queue serves link after link', () => {
  const { client, link, transport } = givenConnecting({ queue: { maxMessages: 2 } })
  for (let round = 0; round < 5; round += 1) {
    client.send('note', round)
    client.send('note', round + 0.5)
    link().open()
    client.send('note', 'open')
    link().end()
    client.connect()
  }

  expect(transport.links.map(({ sent }) => payloads(sent))).toEqual([
    ...[0, 1, 2, 3, 4].map((round) => [round, round + 0.5, 'open']),
    [],
  ])
})
