import { expect, test } from 'vitest'
import { type Inbound, json, type Message } from '../../src/index.ts'

const bytes = new Uint8Array([1, 2, 3])

function decoded(frame: Inbound, options?: Parameters<typeof json>[0]): Message | undefined {
  return json(options).decode(frame)
}

function encoded(message: Message, options?: Parameters<typeof json>[0]): unknown {
  return JSON.parse(String(json(options).encode(message)))
}

test.each<[string, string, object]>([
  ['name and payload', '{"type":"chat","data":{"a":1}}', { event: 'chat', data: { a: 1 } }],
  ['an id', '{"type":"chat","data":1,"id":"x7"}', { event: 'chat', data: 1, id: 'x7' }],
  ['a number as id', '{"type":"chat","data":1,"id":7}', { id: '7' }],
  ['0 as id', '{"type":"chat","id":0}', { id: '0' }],
  ['an empty id', '{"type":"chat","id":""}', { id: undefined }],
  ['another id', '{"type":"chat","id":{"a":1}}', { id: undefined }],
  ['null as id', '{"type":"chat","id":null}', { id: undefined }],
  ['true as id', '{"type":"chat","id":true}', { id: undefined }],
  ['the largest number as id', '{"type":"chat","id":9007199254740991}', { id: '9007199254740991' }],
  ['a number as id that is rounded', '{"type":"chat","id":9007199254740993}', { id: undefined }],
  ['a number below 0 as id', '{"type":"chat","id":-7}', { id: '-7' }],
  ['a number below 0 as id that is rounded', '{"type":"chat","id":-9007199254740993}', { id: undefined }],
  ['no payload', '{"type":"ping"}', { event: 'ping', data: undefined }],
  ['null as payload', '{"type":"ping","data":null}', { event: 'ping', data: null }],
  ['no name', '{"text":"hi"}', { event: 'message', data: { text: 'hi' } }],
  ['no name but data', '{"data":1}', { event: 'message', data: { data: 1 } }],
  ['another name', '{"type":5,"data":1}', { event: 'message', data: { type: 5, data: 1 } }],
  ['an empty name', '{"type":"","data":1}', { event: '', data: 1 }],
  ['a list', '[1,2]', { event: 'message', data: [1, 2] }],
  ['a string', '"hi"', { event: 'message', data: 'hi' }],
  ['a number', '0', { event: 'message', data: 0 }],
  ['null', 'null', { event: 'message', data: null }],
  ['a name of the language', '{"type":"__proto__","data":1}', { event: '__proto__', data: 1 }],
])('[CD1] a text frame with %s is read', (_, data, message) => {
  expect(decoded({ data })).toMatchObject(message)
})

test.each<[string, Inbound, object]>([
  ['a name', { data: '{"a":1}', event: 'chat', id: '3' }, { event: 'chat', data: { a: 1 }, id: '3' }],
  ['a payload that has a type', { data: '{"type":"x","data":1}', event: 'chat' }, { data: { type: 'x', data: 1 } }],
  ['an empty payload', { data: '', event: 'ping', id: '' }, { event: 'ping', data: undefined, id: '' }],
])('[CD1] a server-sent event with %s is read', (_, frame, message) => {
  expect(decoded(frame)).toMatchObject(message)
})

test('[CD1] a binary frame is the event binary with its buffer', () => {
  expect(decoded({ data: bytes.buffer })).toMatchObject({ event: 'binary', data: bytes.buffer })
})

test.each<[string, Message, object]>([
  ['name and payload', { event: 'chat', data: { a: 1 } }, { type: 'chat', data: { a: 1 } }],
  ['an id', { event: 'chat', data: 1, id: 'x' }, { type: 'chat', data: 1, id: 'x' }],
  ['no payload', { event: 'ping', data: undefined }, { type: 'ping' }],
  ['null as payload', { event: 'ping', data: null }, { type: 'ping', data: null }],
  ['the name binary without bytes', { event: 'binary', data: [1] }, { type: 'binary', data: [1] }],
])('[CD1] a message with %s is written', (_, message, written) => {
  expect(encoded(message)).toEqual(written)
})

test.each([
  ['a view', bytes],
  ['a buffer', bytes.buffer],
  ['a DataView', new DataView(bytes.buffer)],
])('[CD1] the event binary with %s is written as it is', (_, data) => {
  expect(json().encode({ event: 'binary', data })).toBe(data)
})

test('[CD1] bytes under another name than binary are JSON like any object, and no binary frame', () => {
  expect(encoded({ event: 'chat', data: bytes })).toEqual({ type: 'chat', data: { 0: 1, 1: 2, 2: 3 } })
})

test('[CD1] the keys are options', () => {
  const keys = { typeKey: 'op', dataKey: 'd', idKey: 's' }

  expect(encoded({ event: 'chat', data: 1, id: 'x' }, keys)).toEqual({ op: 'chat', d: 1, s: 'x' })
  expect(decoded({ data: '{"op":"chat","d":1,"s":4}' }, keys)).toEqual({ event: 'chat', data: 1, id: '4' })
})

test('[CD1] without a dataKey the whole object is the payload', () => {
  const data = { type: 'chat', text: 'hi', id: 9 }

  expect(decoded({ data: JSON.stringify(data) }, { dataKey: false })).toEqual({ event: 'chat', data, id: '9' })
  expect(encoded({ event: 'chat', data: { text: 'hi' } }, { dataKey: false })).toEqual({ type: 'chat', text: 'hi' })
})

test('[CD1] without a dataKey the payload cannot take the place of the name', () => {
  expect(encoded({ event: 'chat', data: { type: 'admin' } }, { dataKey: false })).toEqual({ type: 'chat' })
})

test('[CD1] without a dataKey the id of the message is written, and without one that of the payload', () => {
  const data = { id: 'own' }

  expect(encoded({ event: 'chat', data }, { dataKey: false })).toEqual({ type: 'chat', id: 'own' })
  expect(encoded({ event: 'chat', data, id: '5' }, { dataKey: false })).toEqual({ type: 'chat', id: '5' })
})

test.each([undefined, null, 'text', 5, [1]])('[CD1] without a dataKey a payload like %j throws', (data) => {
  const write = () => json({ dataKey: false }).encode({ event: 'chat', data })

  expect(write).toThrow(expect.objectContaining({ code: 'invalid-config' }))
})

test.each([
  { event: 'chat', data: { a: [1, 'é', null, '\u2028', '🚀'] } },
  { event: '__proto__', data: { nested: { deep: true } }, id: '5' },
])('[CD1] what is written is read as it was: %j', (message) => {
  expect(decoded({ data: String(json().encode(message)) })).toMatchObject(message)
})

test.each(['', '{', 'undefined', '{"type":"a"'])('[CD2] the frame %j cannot be read', (data) => {
  expect(() => decoded({ data })).toThrow()
})
