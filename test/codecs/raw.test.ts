import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { binary, type Frame, text } from '../../src/index.ts'

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)
const strings = ['', 'plain', '\ufeffwith a byte order mark', 'é\u0000\u2028🚀', 'line\r\nend']
const mistake = expect.objectContaining({ code: 'invalid-config' })

function bytesOf(frame: unknown): number[] {
  return [
    ...(ArrayBuffer.isView(frame)
      ? new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)
      : new Uint8Array(frame as ArrayBuffer)),
  ]
}

test.each(strings)('[CD4] text sends and reads %j as it is', (data) => {
  expect(text().encode({ event: 'message', data })).toBe(data)
  expect(text().decode({ data })).toMatchObject({ event: 'message', data })
})

test.each(strings)('[CD4] text reads the bytes of %j exactly', (data) => {
  expect(text().decode({ data: new TextEncoder().encode(data).buffer })).toMatchObject({ data })
})

test('[CD4][CD2] text does not guess at bytes that are no UTF-8', () => {
  expect(() => text().decode({ data: new Uint8Array([0xff, 0xfe]).buffer })).toThrow()
})

test('[CD4] a text that could not be read does not spoil the next', () => {
  const codec = text()
  expect(() => codec.decode({ data: new Uint8Array([0xe2, 0x82]).buffer })).toThrow()

  expect(codec.decode({ data: new TextEncoder().encode('€').buffer })).toMatchObject({ data: '€' })
})

test('[CD4] binary reads every byte as it is', () => {
  expect(bytesOf(binary().decode({ data: everyByte.slice().buffer })?.data)).toEqual([...everyByte])
})

test.each([
  ['a buffer', everyByte.slice(3, 9).buffer],
  ['a view of the middle', everyByte.subarray(3, 9)],
  ['a DataView of the middle', new DataView(everyByte.buffer, 3, 6)],
  ['a buffer of another realm', runInNewContext('new Uint8Array([3, 4, 5, 6, 7, 8]).buffer') as ArrayBuffer],
])('[CD4] binary sends the bytes of %s', (_, data) => {
  const frame: Frame = binary().encode({ event: 'message', data })

  expect(bytesOf(frame)).toEqual([3, 4, 5, 6, 7, 8])
})

test.each(strings)('[CD4] binary reads the text %j as its UTF-8', (data) => {
  const message = binary().decode({ data })

  expect(message?.data).toBeInstanceOf(ArrayBuffer)
  expect(bytesOf(message?.data)).toEqual([...new TextEncoder().encode(data)])
})

test.each([text, binary])('[CD4] a server-sent event keeps name and id', (codec) => {
  expect(codec().decode({ data: 'x', event: 'news', id: '3' })).toMatchObject({ event: 'news', id: '3' })
})

test.each<[string, unknown]>([
  ['another name', 'x'],
  ['no string', 5],
  ['nothing', undefined],
  ['bytes', everyByte],
])('[CD4] text throws for %s', (what, data) => {
  const event = what === 'another name' ? 'chat' : 'message'

  expect(() => text().encode({ event, data })).toThrow(mistake)
})

test.each<[string, unknown]>([
  ['another name', everyByte],
  ['a string', 'x'],
  ['nothing', undefined],
  ['null', null],
  ['a list', [1, 2]],
])('[CD4] binary throws for %s', (what, data) => {
  const event = what === 'another name' ? 'chat' : 'message'

  expect(() => binary().encode({ event, data })).toThrow(mistake)
})
