/** What `npm run bench:browser` can ask of its page. One channel is open at a time. */
import type { Channel, Connection, Tick } from './channel.ts'
import { addTick, createTick } from './ticks.ts'

let connection: Connection | undefined
let id = 0
let heard: (data: Tick) => void = () => {}

/** Opens a channel, which is not measured. */
export async function open(channel: Channel, scheme: string, bytes: number): Promise<void> {
  id += 1
  connection = await channel.open(`${scheme}://${location.host}/channel/${id}/${bytes}`, (data) => heard(data))
}

/** Collects young garbage, so that nobody pays for another's. */
export function collect(): void {
  ;(globalThis as { gc?: (options: object) => void }).gc?.({ type: 'minor' })
}

export function close(): void {
  connection?.close()
  connection = undefined
  heard = () => {}
}

/** Milliseconds from asking for so many messages until the last has come. */
export function receive(count: number, checksum: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = 0
    let sum = 0
    const begun = performance.now()
    heard = (data) => {
      sum = addTick(sum, data)
      seen += 1
      if (seen < count) return
      if (sum === checksum) resolve(performance.now() - begun)
      else reject(new Error('other messages came than were sent'))
    }
    ask('flood', count).catch(reject)
  })
}

/**
 * Milliseconds from the first `send` until the server has the last message. In batches, the next of which begins when the one before
 * has arrived: otherwise what is measured is memory.
 */
export async function send(count: number, bytes: number, batch: number): Promise<number> {
  const data = createTick(0, bytes)
  await ask('answer', batch)
  const begun = performance.now()
  for (let sent = 0; sent < count; sent += batch) {
    const arrived = next()
    for (let index = 0; index < batch; index += 1) connection?.send?.(data)
    await arrived
  }
  return performance.now() - begun
}

/**
 * Milliseconds from each ping to its pong. On a WebSocket the ping is a message of the channel; on a stream, which brings only the pong,
 * it is a request, the same for every contender.
 */
export async function pingPong(count: number, bytes: number): Promise<number[]> {
  const data = createTick(0, bytes)
  if (connection?.send) await ask('answer', 1)
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const pong = next()
    const begun = performance.now()
    if (connection?.send) connection.send(data)
    else ask('flood', 1)
    await pong
    times.push(performance.now() - begun)
  }
  return times
}

/** Resolves when the next message is here. */
function next(): Promise<void> {
  return new Promise((resolve) => {
    heard = () => resolve()
  })
}

async function ask(action: string, amount: number): Promise<void> {
  const { ok } = await fetch(`/${action}/${id}/${amount}`, { method: 'POST' })
  if (!ok) throw new Error(`the server knows no channel ${id}`)
}
