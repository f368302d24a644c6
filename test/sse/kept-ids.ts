/**
 * Reads chunks of 64 kB with one long id each, keeps those ids, as they come with the events or as a client's last one,
 * and prints how many bytes each of them holds in memory. Run with --expose-gc.
 */
import { createClient, fetchStream, text } from '../../src/index.ts'
import { readEvents } from '../../src/sse/index.ts'
import { history } from '../../src/store/index.ts'
import { fakeTransport } from '../../src/testing/index.ts'

const count = 300
const encoder = new TextEncoder()

function* chunks(): Generator<Uint8Array<ArrayBuffer>> {
  for (let number = 0; number < count; number += 1) {
    const id = `an-id-that-is-too-long-to-be-copied-${number}`
    yield encoder.encode(`id: ${id}\ndata: ${'x'.repeat(65_500 - id.length)}\n\n`)
  }
}

function stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = chunks()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

async function bytesPerItem(keep: () => Promise<readonly unknown[]>): Promise<number> {
  // The first run loads and compiles what is needed. Its result must not be awaited here: this call would hold it.
  await keep().then((kept) => kept.length)
  const before = memory()
  const kept = await keep()
  return Math.round((memory() - before) / kept.length)
}

function memory(): number {
  ;(globalThis as unknown as { gc(): void }).gc()
  return process.memoryUsage().heapUsed
}

async function idsOfEvents(): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of readEvents(stream())) ids.push(id)
  return ids
}

async function lastIds(): Promise<readonly string[]> {
  const answer = async () => new Response(stream(), { headers: { 'content-type': 'text/event-stream' } })
  const client = createClient(fetchStream('http://stream.test/', { fetch: answer }), { codec: text() })
  const ids: string[] = []
  client.on('message', () => ids.push(client.lastEventId))
  await new Promise((resolve) => {
    client.onError(resolve)
    client.connect()
  })
  client.close()
  return ids
}

/** A client, listed once for every id that its `dedupe` keeps, so that its memory is divided among them. */
async function clientsThatDedupe(): Promise<readonly unknown[]> {
  const answer = async () => new Response(stream(), { headers: { 'content-type': 'text/event-stream' } })
  const options = { codec: text(), dedupe: count }
  const client = createClient(fetchStream('http://stream.test/', { fetch: answer }), options)
  await new Promise((resolve) => {
    client.onError(resolve)
    client.connect()
  })
  client.close()
  return new Array(count).fill(client)
}

/** The same for frames with an id inside. */
async function clientsThatDedupeFrames(): Promise<readonly unknown[]> {
  const transport = fakeTransport()
  const client = createClient(transport, { dedupe: count })
  client.connect()
  transport.links[0]?.open()
  for (let number = 0; number < count; number += 1) {
    const id = `an-id-that-is-too-long-to-be-copied-${number}`
    transport.links[0]?.receive(JSON.stringify({ type: 'a', id, data: 'x'.repeat(65_500) }))
  }
  client.close()
  return new Array(count).fill(client)
}

/** The one short text of every chunk, as `history` keeps it. */
async function textsOfHistory(): Promise<readonly unknown[]> {
  const rest = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let number = 0; number < count; number += 1) {
        const rare = `event: rare\ndata: a-text-that-is-too-long-to-be-copied-${number}\n\n`
        controller.enqueue(encoder.encode(`${rare}data: ${'x'.repeat(65_400)}\n\n`))
      }
      controller.close()
    },
  })
  const answer = async () => new Response(rest, { headers: { 'content-type': 'text/event-stream' } })
  const client = createClient(fetchStream('http://stream.test/', { fetch: answer }), { codec: text() })
  const texts = history(client, 'rare', { limit: count })
  const end = texts.subscribe(() => {})
  await new Promise((resolve) => {
    client.onError(resolve)
    client.connect()
  })
  client.close()
  const kept = texts.getSnapshot()
  end()
  return kept
}

/** Twenty characters of each event's data, as an application may keep them: these do hold their chunks. */
async function slicesOfData(): Promise<readonly string[]> {
  const kept: string[] = []
  for await (const event of readEvents(stream())) kept.push(event.data.slice(0, 20))
  return kept
}

const measured = {
  idsOfEvents: await bytesPerItem(idsOfEvents),
  lastIds: await bytesPerItem(lastIds),
  clientsThatDedupe: await bytesPerItem(clientsThatDedupe),
  clientsThatDedupeFrames: await bytesPerItem(clientsThatDedupeFrames),
  textsOfHistory: await bytesPerItem(textsOfHistory),
  slicesOfData: await bytesPerItem(slicesOfData),
}
console.log(JSON.stringify(measured))
