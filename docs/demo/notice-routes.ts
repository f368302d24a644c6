/**
 * The notifications over HTTP: `GET /notifications` is their stream, from the one after the last id. `POST /notifications` takes
 * what a client over `withUpstream` sends: the numbers of those that have been read.
 */
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { startEventStream, writeEvent } from './event-stream.ts'
import { isRecord } from './frame-fields.ts'
import { letIn } from './let-in.ts'
import { harbourNews, tickAt } from './live-feed.ts'
import { mostNotices, type Notices } from './notices.ts'
import { sameOriginOnly } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

/** Milliseconds between two signs of life. */
const beat = 2000
/** How many notifications a first visit gets. */
const firstNotices = 5

export function noticeRoutes(sockets: SocketsSwitch, notices: Notices, interval: number): Router {
  const routes = Router()

  const take: RequestHandler = ({ body }, response) => {
    const numbers = readNumbers(body)
    if (numbers === undefined) return void response.status(400).type('text').send('That is no message.\n')

    notices.read(numbers)
    response.status(204).end()
  }

  routes.get('/', letIn(sockets), (request, response) => sendNotices(request, response, sockets, notices, interval))
  routes.post('/', sameOriginOnly, letIn(sockets), express.json({ limit: '8kb' }), take)
  return routes
}

function sendNotices(
  request: Request,
  response: Response,
  sockets: SocketsSwitch,
  notices: Notices,
  interval: number,
): void {
  let next = firstNumber(request.get('last-event-id'), interval)
  let timer: NodeJS.Timeout | undefined

  function sendDue(): void {
    const now = Date.now()
    for (; next <= tickAt(now, interval); next += 1) {
      writeEvent(response, 'notification', { ...harbourNews(next), at: next * interval }, `${next}`)
    }
    timer = setTimeout(sendDue, interval - (now % interval))
  }

  // Without an id: the marks are no part of what is resumed. They are few, and every connection is sent all of them.
  const sendMarks = () => writeEvent(response, 'marks', notices.marks)

  startEventStream(request, response, sockets, beat)
  response.on('close', notices.onMarks(sendMarks))
  response.on('close', () => clearTimeout(timer))
  sendMarks()
  sendDue()
}

function firstNumber(lastId: string | undefined, interval: number): number {
  const newest = tickAt(Date.now(), interval)
  const last = /^\d{1,15}$/.test(lastId ?? '') ? Number(lastId) : Infinity
  // No id, or one from the future, which was given out under another interval: a first visit.
  return last > newest + mostNotices ? newest - firstNotices + 1 : Math.max(last + 1, newest - mostNotices + 1)
}

/** The numbers that a message marks as read: none if it is a ping, and `undefined` if it is no message of the page's. */
function readNumbers(body: unknown): readonly number[] | undefined {
  if (!isRecord(body)) return undefined
  if (body.type === 'ping') return []
  if (body.type !== 'read' || !isRecord(body.data) || !Array.isArray(body.data.numbers)) return undefined

  const { numbers } = body.data
  return numbers.length <= mostNotices && numbers.every(Number.isSafeInteger) ? numbers : undefined
}
