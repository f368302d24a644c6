import { expect, test } from 'vitest'
import { binary, type ClientOptions, type Frame, json, text } from '../../src/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'
import {
  codeThrownBy,
  given,
  givenConnecting,
  givenFailed,
  givenOpen,
  givenWaiting,
  newest,
  over,
  payloads,
} from '../circumstances.ts'

const full = expect.objectContaining({ code: 'queue-full' })
const notOpen = expect.objectContaining({ code: 'not-open' })

/** A client that is not open yet, with a codec that adds no bytes of its own, and what goes out once it is. */
function givenQueue(queue: ClientOptions['queue'], options: ClientOptions = {}) {
  const all = givenConnecting({ codec: text(), ...options, queue } as Parameters<typeof given>[0])
  const send = (...messages: string[]) => messages.map((message) => all.client.send('message', message))
  const arrived = (): readonly Frame[] => {
    all.link().open()
    return all.link().sent
  }
  return { ...all, send, arrived }
}

test.each([
  ['idle', given],
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
] as const)('[SQ1] what is sent while %s waits, and goes out in order on open', (_, circumstance) => {
  const { client, link } = circumstance()
  const answers = [1, 2, 3].map((note) => client.send('note', note))
  client.reconnect()
  expect(link().sent).toEqual([])
  link().open()

  expect(answers).toEqual(['queued', 'queued', 'queued'])
  expect(payloads(link().sent)).toEqual([1, 2, 3])
})

test('[SQ1] what is sent while open is handed over at once', () => {
  const { client, link } = givenOpen()

  expect(client.send('note', 1)).toBe('sent')
  expect(payloads(link().sent)).toEqual([1])
})

test('[SQ1] while open nothing is bounded', () => {
  const { client, link } = givenOpen({ queue: { maxMessages: 1, maxBytes: 10 } })
  for (let note = 0; note < 300; note += 1) client.send('note', 'x'.repeat(100))

  expect(link().sent).toHaveLength(300)
})

test('[SQ1] the queue holds 256 messages unless told', () => {
  const { send, told } = givenQueue({})
  expect(send(...Array<string>(256).fill('x'))).toHaveLength(256)

  expect(() => send('x')).toThrow(full)
  expect(told.errors).toEqual([])
})

test('[SQ1] the queue holds a mebibyte unless told', () => {
  const { send } = givenQueue({})
  send('x'.repeat(2 ** 20))

  expect(() => send('x')).toThrow(full)
})

test('[SQ1] bytes are counted, not characters', () => {
  const { send, arrived } = givenQueue({ maxBytes: 4 })
  send('éé')

  expect(() => send('x')).toThrow(full)
  expect(arrived()).toEqual(['éé'])
})

test('[SQ1] bytes of a view are counted, not those of its buffer', () => {
  const { client } = givenQueue({ maxBytes: 4 }, { codec: binary() })

  expect(client.send('message', new Uint8Array(100).subarray(0, 4))).toBe('queued')
})

test('[SQ1] what over the bound throws leaves the queue as it was', () => {
  const { send, arrived } = givenQueue({ maxMessages: 2 })
  send('a', 'b')
  expect(() => send('c')).toThrow(full)

  expect(arrived()).toEqual(['a', 'b'])
})

test('[SQ1] drop-newest answers dropped and keeps the rest', () => {
  const { send, arrived } = givenQueue({ maxMessages: 2, whenFull: 'drop-newest' })

  expect(send('a', 'b', 'c')).toEqual(['queued', 'queued', 'dropped'])
  expect(arrived()).toEqual(['a', 'b'])
})

test('[SQ1] drop-oldest makes room, and tells of each message dropped', () => {
  const { send, arrived, told } = givenQueue({ maxMessages: 2, whenFull: 'drop-oldest' })

  expect(send('a', 'b', 'c', 'd')).toEqual(['queued', 'queued', 'queued', 'queued'])
  expect(told.codes).toEqual(['queue-full', 'queue-full'])
  expect(arrived()).toEqual(['c', 'd'])
})

test('[SQ1] drop-oldest makes as much room as the message needs', () => {
  const { send, arrived, told } = givenQueue({ maxBytes: 5, whenFull: 'drop-oldest' })
  send('aa', 'bb', 'cccc')

  expect(told.codes).toEqual(['queue-full', 'queue-full'])
  expect(arrived()).toEqual(['cccc'])
})

test.each(['throw', 'drop-oldest', 'drop-newest'] as const)(
  '[SQ1] a message over maxBytes throws under %s',
  (whenFull) => {
    const { send, arrived, told } = givenQueue({ maxBytes: 5, whenFull })
    send('a')
    expect(() => send('123456')).toThrow(full)

    expect(told.errors).toEqual([])
    expect(arrived()).toEqual(['a'])
  },
)

test('[SQ1] bytes that have left make room again', () => {
  const all = givenQueue({ maxBytes: 3 })
  all.send('abc')
  all.arrived()
  all.client.reconnect()

  expect(all.send('def')).toEqual(['queued'])
  expect(all.arrived()).toEqual(['def'])
})

test('[SQ1] bytes are queued as they were when they were sent', () => {
  const { client, arrived } = givenQueue({}, { codec: binary() })
  const buffer = new Uint8Array([0, 1, 2, 0])
  client.send('message', buffer.subarray(1, 3))
  client.send('message', buffer.buffer)
  buffer.fill(9)

  expect(arrived().map((frame) => [...(frame as Uint8Array)])).toEqual([
    [1, 2],
    [0, 1, 2, 0],
  ])
})

test('[SQ1] with the queue off, send() throws while not open', () => {
  const { send, arrived } = givenQueue(false)

  expect(() => send('a')).toThrow(notOpen)
  expect(arrived()).toEqual([])
})

test('[SQ1] with the queue off, send() hands over while open', () => {
  const { send, link } = givenQueue(false)
  link().open()

  expect(send('a')).toEqual(['sent'])
})

test('[SQ1] a transport that cannot send says so', () => {
  const transport = fakeTransport({ duplex: false })
  const { client } = over(transport)
  client.connect()
  newest(transport.links).open()

  expect(() => client.send('note')).toThrow(expect.objectContaining({ code: 'receive-only' }))
})

test('[SQ2] what was queued goes out before what an open listener sends', () => {
  const { client, link } = givenConnecting()
  client.onState(({ status }) => {
    if (status === 'open') client.send('note', 'from the listener')
  })
  client.send('note', 'queued')
  link().open()

  expect(payloads(link().sent)).toEqual(['queued', 'from the listener'])
})

test('[SQ2] what was queued has gone out when an open listener closes', () => {
  const { client, link, told } = givenConnecting()
  client.onState(({ status }) => {
    if (status === 'open') client.close()
  })
  client.send('note', 'queued')
  link().open()

  expect(payloads(link().sent)).toEqual(['queued'])
  expect(told.errors).toEqual([])
})

test('[SQ2] what went out is not sent again on the next link', () => {
  const { client, link } = givenConnecting()
  client.send('note', 1)
  link().open()
  client.reconnect()
  link().open()

  expect(link().sent).toEqual([])
})

test('[SQ2] what is sent inside of a listener waits for a link that was just replaced', () => {
  const { client, link, transport } = givenOpen()
  client.on('news', () => {
    client.reconnect()
    client.send('note', 1)
  })
  link().receive('{"type":"news"}')
  link().open()

  expect(transport.links.map(({ sent }) => payloads(sent))).toEqual([[], [1]])
})

test.each([
  ['close()', givenOpen],
  ['a failure', givenFailed],
] as const)('[SQ4] after %s send() throws', (_, circumstance) => {
  const { client } = circumstance()
  client.close()

  expect(() => client.send('note', 1)).toThrow(notOpen)
})

test('[SQ4] close() empties the queue, and tells it once', () => {
  const { client, link, told } = givenConnecting()
  for (const note of [1, 2, 3]) client.send('note', note)
  client.close()
  client.connect()
  link().open()

  expect(told.codes).toEqual(['aborted'])
  expect(link().sent).toEqual([])
})

test('[SQ4] a failure that closes empties the queue, and tells it once', () => {
  const { client, link, told } = givenConnecting()
  client.send('note', 1)
  link().end({ code: 'refused' })

  expect(told.codes).toEqual(['refused', 'aborted'])
})

test('[SQ4] close() with an empty queue tells nothing', () => {
  const { client, told } = givenConnecting()
  client.close()

  expect(told.errors).toEqual([])
})

test('[SQ4] close() gives the room back', () => {
  const { client, send, arrived } = givenQueue({ maxBytes: 3 })
  send('abc')
  client.close()
  client.connect()
  send('def')

  expect(arrived()).toEqual(['def'])
})

test('[SQ4] close() while a message makes room leaves nothing in the queue, and loses nothing silently', () => {
  const { client, send, arrived, told } = givenQueue({ maxMessages: 1, whenFull: 'drop-oldest' })
  send('a')
  client.onError(({ code }) => {
    if (code === 'queue-full') client.close()
  })
  const thrown = codeThrownBy(() => send('b'))
  expect([thrown, ...told.codes]).toEqual(expect.arrayContaining([expect.stringMatching(/^(not-open|aborted)$/)]))
  client.connect()

  expect(arrived()).toEqual([])
})

test.each([
  ['a promise', async () => 'x'],
  ['nothing', () => undefined],
  ['an object', () => ({})],
])('[TR7] a codec that makes %s of a message is a usage mistake, and nothing is queued', (_, encode) => {
  const { client } = given({ codec: { ...json(), encode: encode as never } })

  expect(() => client.send('note', 1)).toThrow(
    expect.objectContaining({ code: 'invalid-config', message: 'codec.encode() must return text or bytes.' }),
  )
  expect(client.bufferedAmount).toBe(0)
})
