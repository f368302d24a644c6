import { expect, onTestFinished, test, vi } from 'vitest'
import { readFiles } from '../structure/files.ts'
import { throughClient, throughReadEvents } from './ways-to-read.ts'

const chunks = () => ['id: 1\nda', 'ta: a\n\n'].map((text) => new TextEncoder().encode(text))
const events = [{ event: 'message', data: 'a', id: '1' }]

/** Until the test is over, every TransformStream that somebody makes, and everything that is piped, is an error. */
function forbidStreams(): void {
  const refuse = () => {
    throw new Error('Nothing is to be piped here.')
  }
  vi.stubGlobal('TransformStream', refuse)
  vi.stubGlobal('TextDecoderStream', refuse)
  const spies = (['pipeThrough', 'pipeTo', 'tee'] as const).map((name) =>
    vi.spyOn(ReadableStream.prototype, name).mockImplementation(refuse),
  )
  onTestFinished(() => {
    vi.unstubAllGlobals()
    for (const spy of spies) spy.mockRestore()
  })
}

test.each([
  ['a client over fetchStream', throughClient],
  ['readEvents', throughReadEvents],
])('[SS6] %s reads in a loop, without a stream between', async (_name, read) => {
  forbidStreams()

  expect(await read(chunks())).toEqual({ events })
})

test('[SS6] only EventStreamDecoder speaks of a TransformStream', () => {
  const speaking = [...readFiles('src/**/*.ts')].filter(([, source]) =>
    /TransformStream|pipeThrough|pipeTo/.test(source),
  )

  expect(speaking.map(([path]) => path)).toEqual(['src/sse/event-stream-decoder.ts'])
})

test('[SS6] the client does not import EventStreamDecoder', () => {
  const files = readFiles('src/**/*.ts')
  const importing = [...files].filter(([, source]) => source.includes("event-stream-decoder.ts'"))

  expect(importing.map(([path]) => path)).toEqual(['src/sse/index.ts'])
})
