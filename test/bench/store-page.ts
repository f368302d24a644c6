/** The page of `npm run bench:store`: counts messages of ten kinds, and draws the counts in one of four ways. */
import { createClient, webSocket } from '../../dist/index.js'
import { fold } from '../../dist/store.js'
import type { Envelope, Tick } from './channel.ts'
import { createTick, distinct } from './ticks.ts'

const kinds = 10

type Counts = Readonly<Record<number, number>>

/** Shows the counts in a table, each with a bar. */
type Draw = (counts: Counts) => void

interface Way {
  readonly name: string
  /** Resolves with what ends it, when the link is open. */
  start(url: string, draw: Draw): Promise<() => void>
}

const zeros: Counts = Object.fromEntries(Array.from({ length: kinds }, (_, kind) => [kind, 0]))

export const ways: readonly Way[] = [
  { name: 'holdfast, `fold` by frame', start: (url, draw) => startFold(url, draw, 'frame') },
  { name: 'holdfast, `fold` by message', start: (url, draw) => startFold(url, draw, 'none') },
  { name: 'raw WebSocket, by frame', start: startRawByFrame },
  { name: 'raw WebSocket, by message', start: (url, draw) => startRaw(url, draw) },
]

async function startFold(url: string, draw: Draw, batch: 'frame' | 'none'): Promise<() => void> {
  const client = createClient<{ tick: Tick }>(webSocket(url))
  const counts = fold(
    client,
    'tick',
    (all: Counts, { index }) => ({ ...all, [index % kinds]: (all[index % kinds] ?? 0) + 1 }),
    zeros,
    { batch },
  )
  counts.subscribe(() => draw(counts.getSnapshot()))
  client.connect()
  await client.opened()
  return () => client.close()
}

/** As somebody writes it who thinks of frames. */
function startRawByFrame(url: string, draw: Draw): Promise<() => void> {
  let waits = false
  return startRaw(url, (counts) => {
    if (waits) return
    waits = true
    requestAnimationFrame(() => {
      waits = false
      draw(counts)
    })
  })
}

function startRaw(url: string, draw: Draw): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const counts: Record<number, number> = { ...zeros }
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => {
      const message: Envelope = JSON.parse(data)
      const kind = message.data.index % kinds
      counts[kind] = (counts[kind] ?? 0) + 1
      draw(counts)
    }
    socket.onopen = () => resolve(() => socket.close())
    socket.onerror = () => reject(new Error('the socket broke off'))
  })
}

export interface Measured {
  readonly seconds: number
  readonly frames: number
  /** Milliseconds of the longest time between two frames. */
  readonly pause: number
  readonly messages: number
  /** How often the counts were drawn. */
  readonly drawn: number
}

let runs = 0
let drawn = 0
let shown: Counts = zeros
let stop: (() => void) | undefined

/** Begins one of the ways, and lets it run for `warmUp` milliseconds. */
export async function begin(way: number, bytes: number, perSecond: number, warmUp: number): Promise<void> {
  runs += 1
  const id = `store${runs}`
  const cells = makeTable()
  shown = zeros
  stop = await ways[way]?.start(`ws://${location.host}/channel/${id}/${bytes}`, (counts) => {
    drawn += 1
    shown = counts
    cells.draw(counts)
  })
  const { status } = await fetch(`/pace/${id}/${perSecond}`, { method: 'POST' })
  if (status !== 204) throw new Error('there is no such channel')
  await follow(warmUp)
}

/** Counts frames and messages for so many milliseconds. */
export async function measure(milliseconds: number): Promise<Measured> {
  const [from, drawnFrom] = [total(shown), drawn]
  const frames = await follow(milliseconds)
  return { ...frames, messages: total(shown) - from, drawn: drawn - drawnFrom }
}

/** Ends it. The kinds come in turn, so that a message which is missing or doubled shows in their counts. */
export function end(): void {
  stop?.()
  const counts = Object.values(shown)
  if (total(shown) === 0 || Math.max(...counts) - Math.min(...counts) > 1) throw new Error('messages are missing')
}

function follow(milliseconds: number): Promise<Pick<Measured, 'seconds' | 'frames' | 'pause'>> {
  return new Promise((resolve) => {
    const begun = performance.now()
    let frames = 0
    let pause = 0
    let last = begun
    const count = () => {
      const now = performance.now()
      frames += 1
      pause = Math.max(pause, now - last)
      last = now
      if (now - begun < milliseconds) requestAnimationFrame(count)
      else resolve({ seconds: (now - begun) / 1000, frames, pause })
    }
    requestAnimationFrame(count)
  })
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function makeTable(): { draw: Draw } {
  const table = document.createElement('table')
  const rows = Array.from({ length: kinds }, () => {
    const row = table.insertRow()
    const cell = row.insertCell()
    const bar = row.insertCell().appendChild(document.createElement('div'))
    bar.style.cssText = 'height: 1em; background: steelblue'
    return { cell, bar }
  })
  document.body.replaceChildren(table)
  return {
    draw(counts) {
      for (const [kind, { cell, bar }] of rows.entries()) {
        const count = counts[kind] ?? 0
        cell.textContent = count.toLocaleString('en-US')
        bar.style.width = `${count % 500}px`
      }
    },
  }
}

/** `end` relies on this: the distinct messages make whole rounds of the kinds. */
if (distinct % kinds || createTick(0, 100).index % kinds) throw new Error('the kinds do not come in turn')
