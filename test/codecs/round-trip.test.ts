import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binary, type Codec, json, text } from '../../src/index.ts'
import { givenOpen } from '../circumstances.ts'

const runs = { numRuns: 50, seed: 1 }

/** Of all characters there are, which are the code points that are not halves of one. */
const anyText = fc.string({
  unit: fc
    .oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
    .map((codePoint) => String.fromCodePoint(codePoint)),
})

/** An open client, and what it hears of a message that comes back as it went out, over a wire that carries texts and bytes. */
function givenEcho(codec: Codec) {
  const { client, link, told } = givenOpen({ codec })
  return (event: string, sent: unknown): unknown => {
    const heard: unknown[] = []
    client.on(event, (data) => heard.push(data), { once: true })
    client.send(event, sent)
    const frame = link().sent.at(-1)
    link().receive({ data: typeof frame === 'string' ? frame : bytesOf(frame as ArrayBufferView).slice().buffer })
    expect(told.errors).toEqual([])
    expect(heard).toHaveLength(1)
    return heard[0]
  }
}

function bytesOf(frame: ArrayBufferView | ArrayBuffer): Uint8Array<ArrayBuffer> {
  const { buffer = frame, byteOffset, byteLength } = frame as ArrayBufferView<ArrayBuffer>
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
}

describe('what a client sends and gets back is the same', () => {
  test('[CD1] any JSON, under any name, with json()', () => {
    const echo = givenEcho(json())

    fc.assert(
      fc.property(anyText, fc.jsonValue({ maxDepth: 2 }), (event, data) => {
        expect(JSON.stringify(echo(event, data))).toBe(JSON.stringify(data))
      }),
      runs,
    )
  })

  test('[CD1] halves of characters, which JSON escapes', () => {
    const echo = givenEcho(json())

    expect(echo('chat', ['\ud83d', '\ude80\ud83d'])).toEqual(['\ud83d', '\ude80\ud83d'])
  })

  test('[CD1] any bytes as the event binary, with json()', () => {
    const echo = givenEcho(json())

    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(echo('binary', bytes)).toEqual(bytes.slice().buffer)
      }),
      runs,
    )
  })

  test('[CD4] any text, with text()', () => {
    const echo = givenEcho(text())

    fc.assert(
      fc.property(anyText, (data) => {
        expect(echo('message', data)).toBe(data)
      }),
      runs,
    )
  })

  test('[CD4] any text that comes as bytes, with text()', () => {
    const { client, link } = givenOpen({ codec: text() })
    const heard: unknown[] = []
    client.on('message', (data) => heard.push(data))

    fc.assert(
      fc.property(anyText, (data) => {
        link().receive({ data: new TextEncoder().encode(data).buffer })
        expect(heard.pop()).toBe(data)
      }),
      runs,
    )
  })

  test('[CD4] any bytes, and any view of them, with binary()', () => {
    const echo = givenEcho(binary())

    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.nat(), (bytes, from, to) => {
        const view = new DataView(bytes.buffer, from % (bytes.length + 1))
        expect(echo('message', view)).toEqual(bytesOf(view).slice().buffer)
        expect(echo('message', bytes.subarray(from % 300, to % 300))).toEqual(bytes.slice(from % 300, to % 300).buffer)
      }),
      runs,
    )
  })
})

test.each([
  ['text', text(), new Uint8Array([0xc3, 0x28]).buffer],
  ['json', json(), '{"type":"chat","data":'],
] as const)('[CD2] a frame that %s cannot read costs that frame, open as before', (_, codec, data) => {
  const { client, link, told } = givenOpen({ codec })
  const heard: unknown[] = []
  client.onAny((message) => heard.push(message))
  link().receive({ data })
  link().receive({ data: '1' })

  expect(told.codes).toEqual(['decode'])
  expect(heard).toHaveLength(1)
  expect(client.state.status).toBe('open')
})

test('[CD2] a frame that cannot be read while a handshake waits does not answer it, and does not end it', async () => {
  const greeted: unknown[] = []
  const all = givenOpen({
    handshake: async ({ next }) => {
      greeted.push(await next('welcome'))
    },
  })
  all.link().receive('{"type":"welcome"')
  all.link().receive('{"type":"welcome","data":1}')
  await all.environment.advance(0)

  expect(all.told.codes).toEqual(['decode'])
  expect(greeted).toEqual([1])
  expect(all.client.state.status).toBe('open')
})

test('[CD3] what a codec keeps to itself answers no handshake and feeds no iterator', async () => {
  const quiet: Codec = { ...json(), decode: (frame) => (frame.data === 'ack' ? undefined : json().decode(frame)) }
  const { client, link, environment } = givenOpen({
    codec: quiet,
    handshake: async ({ next }) => void (await next('message')),
  })
  const heard = client.events('message')
  link().receive('ack')
  await environment.advance(0)
  expect(client.state.status).toBe('connecting')
  link().receive('1')
  await environment.advance(0)
  expect(client.state.status).toBe('open')
  link().receive('ack')
  link().receive('2')

  expect(await heard.next()).toEqual({ done: false, value: 2 })
})

test('[CD3] silence is a sign of life to the heartbeat', async () => {
  const quiet: Codec = { ...json(), decode: () => undefined }
  const { client, link, environment } = givenOpen({ codec: quiet, heartbeat: { idle: 1000, timeout: 500 } })
  for (let round = 0; round < 5; round += 1) {
    await environment.advance(1400)
    link().receive('pong')
  }
  expect(client.state.status).toBe('open')
  await environment.advance(1500)

  expect(client.state.status).toBe('waiting')
})
