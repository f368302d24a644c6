import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { isRealtimeError } from '../../src/sse/index.ts'
import { type Outcome, throughClient, throughReadEvents, type Way } from './ways-to-read.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const maxMessageSize = 16_384
/** The most bytes that are sent, and that may be held meanwhile: a line of one character costs some thirty. */
const sentBytes = 8 * 2 ** 20
const heldBytes = 2 * 2 ** 20

const encoder = new TextEncoder()

interface Sent {
  readonly outcome: Outcome
  readonly sent: number
  /** What the heap has grown by at most. */
  readonly held: number
}

/** Sends the first text, and then the second one until somebody stops it or until it is enough. */
async function send(read: Way, first: string, rest: string): Promise<Sent> {
  let sent = 0
  let held = 0
  function* chunks() {
    yield encoder.encode(first)
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (let next = 0; sent < sentBytes; ) {
      const chunk = encoder.encode(rest)
      sent += chunk.length
      yield chunk
      if (sent < next) continue
      next = sent + sentBytes / 4
      collectGarbage()
      held = Math.max(held, process.memoryUsage().heapUsed - before)
    }
  }
  const outcome = await read(chunks(), maxMessageSize)
  return { outcome, sent, held }
}

const x = 'x'.repeat(8000)

describe.each([
  ['readEvents', throughReadEvents],
  ['a client over fetchStream', throughClient],
] as const)('%s', (_name, read) => {
  test.each([
    ['a line of data', 'data: ', x],
    ['a line of data, a byte a time', 'data: ', 'x'],
    ['an id', 'id: ', x],
    ['an event name', 'event: ', x],
    ['data of many lines', '', `data: ${x}\n`],
    ['data of many lines that end in CR', '', `data: ${x}\r`],
    ['data of empty lines', '', 'data\n'.repeat(1500)],
  ])('[SS4] %s that never ends is cut off soon after maxMessageSize', async (_what, first, rest) => {
    const { outcome, sent, held } = await send(read, first, rest)

    expect(isRealtimeError(outcome.error) && outcome.error.code).toBe('too-large')
    expect(sent).toBeLessThan(10 * maxMessageSize)
    expect(held).toBeLessThan(heldBytes)
  })

  test.each([
    ['a comment', ':', x],
    ['a line of junk', 'foo', x],
    ['comments', '', `: ${x}\n`],
    ['lines of junk', '', `foo: ${x}\n`],
    ['retries', '', `retry: ${'9'.repeat(400)}\n`.repeat(40)],
    ['ids without data', '', `id: ${x}\n\n`],
    ['event names without data', '', `event: ${x}\n`],
    ['blank lines', '', '\n\r'.repeat(4000)],
    ['bytes that are no UTF-8', '\u{FFFD}', '\u{FFFD}'.repeat(5000)],
  ])('[SS4] of %s without an end nothing is kept', async (_what, first, rest) => {
    const { outcome, sent, held } = await send(read, first, rest)

    expect(outcome).toEqual({ events: [] })
    expect(sent).toBeGreaterThanOrEqual(sentBytes)
    expect(held).toBeLessThan(heldBytes)
  })

  test('[SS4] short lines of data do not keep the comments between them', async () => {
    const { held } = await send(read, '', `data: as long as a slice\n: ${x}\n`)

    expect(held).toBeLessThan(heldBytes)
  })
})
