/**
 * The event stream `/feed`: sends one event per tick, each with its tick number as id, and resumes after the id that
 * a client comes back with. What a slow reader has not taken yet is not kept for it but computed again, so it costs
 * no memory.
 */
import type { Request, RequestHandler, Response } from 'express'
import { feedEvent, tickAt } from './live-feed.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/**
 * So many ticks back can be replayed. Who missed more hears how many in an event `gap`, whose id is that of the last
 * one missed.
 */
export const replayLimit = 1000

export function feedStream(sockets: SocketsSwitch, interval: number): RequestHandler {
  return (request, response) => {
    if (!sockets.open) return void request.socket.destroy()

    // Not `set`, which adds a charset: an event stream is always UTF-8.
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.flushHeaders()
    if (request.method === 'HEAD') return void response.end()

    const remove = sockets.add('eventStream', () => request.socket.destroy())
    const stop = sendTicks(response, firstTick(request, interval), interval)
    response.on('close', () => {
      remove()
      stop()
    })
  }
}

/** Sends every tick from `next` on, in order and each once, until the returned function is called. */
function sendTicks(response: Response, next: number, interval: number): () => void {
  let timer: NodeJS.Timeout | undefined

  function send(): void {
    clearTimeout(timer)
    const now = Date.now()
    const current = tickAt(now, interval)

    const missed = current - replayLimit + 1 - next
    if (missed > 0 && !response.writableNeedDrain) {
      write(response, next + missed - 1, 'gap', { from: next, to: next + missed - 1, missed })
      next += missed
    }

    for (; next <= current && !response.writableNeedDrain; next += 1) {
      const { kind, data } = feedEvent(next, interval)
      write(response, next, kind, data)
    }

    // Aimed at the start of the next tick each time: a fixed interval would drift past one sooner or later.
    timer = setTimeout(send, interval - (now % interval))
  }

  response.on('drain', send)
  send()

  return () => {
    response.off('drain', send)
    clearTimeout(timer)
  }
}

function write(response: Response, id: number, kind: string, data: object): void {
  const name = kind === 'message' ? '' : `event: ${kind}\n`
  response.write(`id: ${id}\n${name}data: ${JSON.stringify(data)}\n\n`)
}

function firstTick(request: Request, interval: number): number {
  const current = tickAt(Date.now(), interval)
  const last = readId(request.get('last-event-id')) ?? readId(request.query.lastEventId)

  // An id from far ahead was given out under another interval, and says nothing about this feed.
  return last === undefined || last > current + replayLimit ? current : last + 1
}

function readId(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}
