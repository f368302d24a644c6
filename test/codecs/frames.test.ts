import { expect, test } from 'vitest'
import { type Codec, json, RealtimeError } from '../../src/index.ts'
import { givenOpen, say } from '../circumstances.ts'

const secret = 'token-abc'

/** An open client whose codec does this, and everything it has heard. */
function givenCodec(decode: Codec['decode']) {
  const all = givenOpen({ codec: { ...json(), decode } })
  const heard: unknown[] = []
  all.client.onAny((data) => heard.push(data))
  return { ...all, heard }
}

test('[CD2] a frame that cannot be read costs that frame, and not the connection', () => {
  const { client, link, told } = givenOpen()
  const heard: unknown[] = []
  client.on('news', (data) => heard.push(data))
  link().receive('{"type":')
  say(link(), 'news', 1)

  expect(told.errors).toMatchObject([{ code: 'decode', retryable: false }])
  expect(heard).toEqual([1])
  expect(client.state.status).toBe('open')
})

test('[CD2] neither message nor cause of the error quotes the frame', () => {
  const { link, told } = givenOpen()
  link().receive(secret)
  const [error] = told.errors

  expect(error?.code).toBe('decode')
  expect(`${error?.message} ${error?.stack} ${JSON.stringify(error)} ${error?.cause}`).not.toContain(secret)
})

test('[CD2] what a codec of the user throws is the cause', () => {
  const cause = new TypeError('not my format')
  const { link, told } = givenCodec(() => {
    throw cause
  })
  link().receive('x')

  expect(told.errors).toMatchObject([{ code: 'decode', cause }])
})

test('[CD2] an error of ours that a codec throws keeps its code, and the connection', () => {
  const { client, link, told } = givenCodec(() => {
    throw new RealtimeError('invalid')
  })
  link().receive('x')

  expect(told.codes).toEqual(['invalid'])
  expect(client.state.status).toBe('open')
})

test('[CD3] what a codec answers with undefined is silence', () => {
  const { client, link, told, heard } = givenCodec(() => undefined)
  link().receive('pong')

  expect(heard).toEqual([])
  expect(told.errors).toEqual([])
  expect(client.state.status).toBe('open')
})

test('[CD3] a codec that calls the client back is no trouble', () => {
  const all = givenCodec(({ data }) => {
    if (data === 'go') all.client.reconnect()
    return { event: 'news', data }
  })
  all.link().receive('go')

  expect(all.client.state.status).toBe('connecting')
})

test('[CD1] a frame and its answer go through the codec', () => {
  const { client, link } = givenOpen({
    codec: {
      decode: ({ data }) => ({ event: 'upper', data: String(data).toUpperCase() }),
      encode: ({ event, data }) => `${event}:${data}`,
    },
  })
  client.on('upper', (data) => client.send('lower', data.toLowerCase()))
  link().receive('Hello')

  expect(link().sent).toEqual(['lower:hello'])
})

test('[CD1] what a codec throws while writing comes out of send(), and nothing is sent', () => {
  const { client, link } = givenOpen({ codec: json({ dataKey: false }) })

  expect(() => client.send('chat', 'no object')).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  expect(link().sent).toEqual([])
})
