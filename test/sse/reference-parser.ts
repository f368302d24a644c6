/**
 * What the HTML standard says, step by step, of a stream that is there in whole. Slow, and without a thought for chunks:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import type { SseEvent } from '../../src/sse/index.ts'

export interface Interpretation {
  readonly events: readonly SseEvent[]
  /** The last event ID string of the event source at the end. */
  readonly lastEventId: string
  /** Every value that the reconnection time was set to. */
  readonly retries: readonly number[]
  readonly comments: readonly string[]
}

export function interpret(bytes: Uint8Array): Interpretation {
  const events: SseEvent[] = []
  const retries: number[] = []
  const comments: string[] = []
  let data = ''
  let eventType = ''
  let idBuffer = ''
  let lastEventId = ''

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage */
  function dispatch(): void {
    lastEventId = idBuffer
    if (data === '') {
      eventType = ''
      return
    }
    if (data.endsWith('\n')) data = data.slice(0, -1)
    events.push({ event: eventType === '' ? 'message' : eventType, data, id: lastEventId })
    data = ''
    eventType = ''
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html#processField */
  function processField(name: string, value: string): void {
    if (name === 'event') eventType = value
    else if (name === 'data') data = `${data}${value}\n`
    else if (name === 'id') idBuffer = value.includes('\0') ? idBuffer : value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) retries.push(Number.parseInt(value, 10))
  }

  for (const line of linesOf(decode(bytes))) {
    const colon = line.indexOf(':')
    if (line === '') dispatch()
    else if (colon === 0) comments.push(withoutSpace(line.slice(1)))
    else if (colon > 0) processField(line.slice(0, colon), withoutSpace(line.slice(colon + 1)))
    else processField(line, '')
  }
  return { events, lastEventId, retries, comments }
}

/** "UTF-8 decode", which takes one byte order mark away: https://encoding.spec.whatwg.org/#utf-8-decode */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** The lines that have an end; what comes after the last of them is no line yet. */
function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).slice(0, -1)
}

function withoutSpace(value: string): string {
  return value.startsWith(' ') ? value.slice(1) : value
}
