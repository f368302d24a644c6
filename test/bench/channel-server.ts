/**
 * The other end of every channel: an empty page, WebSockets and event streams under `/channel/<id>/<bytes>`, and three things that a
 * page can ask of a channel: `POST /flood/<id>/<count>` sends so many messages as fast as they are taken, `POST /pace/<id>/<count>` so many in
 * each second until the channel ends, `POST /answer/<id>/<every>` sends one message each time that so many have come in. What the server
 * sends was made before, and goes out in large writes.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Writable } from 'node:stream'
import { createFrameReader, encodeFrame } from './frames.ts'
import { type Listening, listen } from './listen.ts'
import { createTick, distinct } from './ticks.ts'

interface Open {
  flood(count: number): Promise<void>
  pace(perSecond: number): void
  /** After how many messages that come in an answer goes out. */
  every: number
}

const headers = {
  'cache-control': 'no-store',
  // A page that is isolated has a clock of 5 µs, any other one of 100.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

export async function startChannelServer(): Promise<Listening> {
  const channels = new Map<string, Open>()
  const server = createServer((request, response) => {
    const [, action = '', id = '', amount] = (request.url ?? '').split('/')
    if (action === 'channel') {
      // Chromium may keep the connection of a cancelled EventSource for seconds, and has six.
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', connection: 'close' })
      response.flushHeaders()
      response.socket?.setNoDelay()
      const block = blocks(Number(amount)).events
      channels.set(id, { ...sending(response, block), every: 0 })
      return
    }
    if (action === '') {
      response
        .writeHead(200, { ...headers, 'content-type': 'text/html' })
        .end('<!doctype html><title>benchmark</title>')
      return
    }
    const channel = channels.get(id)
    if (channel && action === 'answer') channel.every = Number(amount)
    response.writeHead(channel ? 204 : 404, headers).end()
    if (action === 'flood') channel?.flood(Number(amount))
    if (action === 'pace') channel?.pace(Number(amount))
  })
  server.on('upgrade', (request, socket) => {
    const [, , id = '', bytes] = (request.url ?? '').split('/')
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const block = blocks(Number(bytes)).frames
    const channel: Open = { ...sending(socket, block), every: 0 }
    channels.set(id, channel)
    let seen = 0
    const counted = () => {
      seen += 1
      if (seen % channel.every === 0) socket.write(block.subarray(0, block.length / distinct))
    }
    // Ends the connection without a close frame, since nobody waits for one.
    socket.on(
      'data',
      createFrameReader(counted, () => socket.end()),
    )
    socket.on('error', () => {})
  })
  return listen(server)
}

/** All distinct messages of one size, one behind the other. */
interface Blocks {
  readonly frames: Buffer
  readonly events: Buffer
}

const made = new Map<number, Blocks>()

function blocks(bytes: number): Blocks {
  const known = made.get(bytes)
  if (known) return known
  const ticks = Array.from({ length: distinct }, (_, index) => createTick(index, bytes))
  const one = {
    frames: Buffer.concat(ticks.map((data) => encodeFrame(JSON.stringify({ type: 'tick', data })))),
    events: Buffer.from(ticks.map((data) => `event: tick\ndata: ${JSON.stringify(data)}\n\n`).join('')),
  }
  made.set(bytes, one)
  return one
}

function sending(to: Writable, block: Buffer): Pick<Open, 'flood' | 'pace'> {
  return { flood: (count) => flood(to, block, count), pace: (perSecond) => pace(to, block, perSecond) }
}

/** Milliseconds between two writes. */
const beat = 5

/** What the other side does not take in time is sent later, so that nothing is lost and nothing piles up here. */
function pace(to: Writable, block: Buffer, perSecond: number): void {
  const each = block.length / distinct
  const begun = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    if (!to.writable) clearInterval(timer)
    if (!to.writable || to.writableNeedDrain) return

    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond)
    while (sent < due) {
      const first = sent % distinct
      const last = Math.min(distinct, first + due - sent)
      to.write(block.subarray(first * each, last * each))
      sent += last - first
    }
  }, beat)
}

async function flood(to: Writable, block: Buffer, count: number): Promise<void> {
  const each = block.length / distinct
  for (let left = count; left > 0 && to.writable; left -= distinct) {
    // Waiting fails where the other side has gone, and then the loop ends.
    if (!to.write(left < distinct ? block.subarray(0, left * each) : block)) await once(to, 'drain').catch(() => {})
  }
}
