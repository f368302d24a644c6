import { expect, test } from 'vitest'
import type * as sse from '../../../src/sse/index.ts'
import { eventually } from '../../browser/eventually.ts'
import { useDemo } from '../../browser/use-demo.ts'
import { eachEngine } from './each-engine.ts'

declare global {
  interface Window {
    sse: typeof sse
  }
}

eachEngine(['firefox', 'webkit'], ({ openTab }) => {
  test.for([
    ['[FS10] readEvents reads the answer of a fetch, and `break` ends the request', readSome],
    ['[SS6] EventStreamDecoder reads the body of an answer, and its reader ends the request', pipeSome],
  ] as const)('%s', async ([, read], context) => {
    const demo = await useDemo(context, { feedInterval: 20 })
    const tab = await openTab(context, `${demo.url}index.html`)
    await tab.run(loadSse)
    await eventually(() => tab.run(() => 'sse' in window)).toBe(true)

    const events = await tab.run(read)

    const [first = Number.NaN] = events.map(({ id }) => Number(id))
    expect(events.map(({ id }) => Number(id))).toEqual([0, 1, 2, 3, 4].map((step) => first + step))
    expect(events.every(({ event, data }) => event !== '' && typeof JSON.parse(data) === 'object')).toBe(true)
    await eventually(() => demo.sockets.status.eventStreams).toBe(0)
  })
})

/** These run in the page. */
function loadSse(): void {
  const script = document.createElement('script')
  script.type = 'module'
  script.textContent = "import * as sse from '/dist/sse.js'; window.sse = sse"
  document.head.append(script)
}

async function readSome(): Promise<sse.SseEvent[]> {
  const events: sse.SseEvent[] = []
  for await (const event of window.sse.readEvents(await fetch('/feed'))) {
    events.push(event)
    if (events.length === 5) break
  }
  return events
}

async function pipeSome(): Promise<sse.SseEvent[]> {
  const { body } = await fetch('/feed')
  const reader = body?.pipeThrough(new window.sse.EventStreamDecoder()).getReader()
  const events: sse.SseEvent[] = []
  while (reader && events.length < 5) {
    const { value } = await reader.read()
    if (value) events.push(value)
  }
  await reader?.cancel()
  return events
}
