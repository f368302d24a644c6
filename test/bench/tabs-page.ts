/** What `npm run bench:tabs` can ask of each page. A page has one client at a time, with a link of its own or with a share in one. */
import { crossTab } from '../../dist/cross-tab.js'
import { createClient, type DuplexClient, webSocket } from '../../dist/index.js'
import type { Tick } from './channel.ts'
import { addTick, createTick } from './ticks.ts'

interface Ticks {
  tick: Tick
}

let client: DuplexClient<Ticks, Ticks>
let heard: (data: Tick) => void
let all: Promise<void>

/** Opens a client on this channel of the server, which is not measured. */
export async function open(channel: string, bytes: number, isShared: boolean): Promise<void> {
  const own = webSocket(`/channel/${channel}/${bytes}`)
  client = createClient<Ticks, Ticks>(isShared ? crossTab(own, { name: channel }) : own)
  heard = () => {}
  client.on('tick', (data) => heard(data))
  client.connect()
  await client.opened()
}

export function close(): void {
  client.close()
}

/** From here on so many messages are awaited. */
export function expectMany(count: number, checksum: number): void {
  ;(globalThis as { gc?: (options: object) => void }).gc?.({ type: 'minor' })
  let seen = 0
  let sum = 0
  all = new Promise((resolve, reject) => {
    heard = (data) => {
      sum = addTick(sum, data)
      seen += 1
      if (seen < count) return
      if (sum === checksum) resolve()
      else reject(new Error('other messages came than were sent'))
    }
  })
}

/** Resolves when the messages that `expectMany` awaits are here. */
export function gotAll(): Promise<void> {
  return all
}

/** Asks the server to send so many messages, or to answer each time that so many have come in. */
export async function ask(action: 'flood' | 'answer', channel: string, amount: number): Promise<void> {
  const { ok } = await fetch(`/${action}/${channel}/${amount}`, { method: 'POST' })
  if (!ok) throw new Error(`the server knows no channel ${channel}`)
}

/** Milliseconds from each message that this page sends until the server's answer is here. */
export async function pingPong(count: number, bytes: number): Promise<number[]> {
  const data = createTick(0, bytes)
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const pong = new Promise<void>((resolve) => {
      heard = () => resolve()
    })
    const begun = performance.now()
    client.send('tick', data)
    await pong
    times.push(performance.now() - begun)
  }
  return times
}
