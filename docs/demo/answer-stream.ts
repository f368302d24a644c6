/**
 * The event stream `POST /answer`: one event per token. Its id has the time of the question and the number of the token. A client
 * that comes back with its last id gets at once the tokens that have become due since, and then the rest.
 */
import express, { type RequestHandler, type Response, Router } from 'express'
import { startEventStream, writeEvent } from './event-stream.ts'
import { letIn } from './let-in.ts'
import { answerTo, tokensAfter } from './model.ts'
import { sameOriginOnly } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

const longestQuestion = 500

interface Place {
  /** Epoch time. */
  readonly askedAt: number
  /** How many events the client has had: the tokens, and at the end `done`. */
  readonly seen: number
}

export function answerStream(sockets: SocketsSwitch, interval: number): Router {
  const routes = Router()

  const answer: RequestHandler = (request, response) => {
    const question: unknown = request.body?.question
    if (typeof question !== 'string' || question.trim() === '' || question.length > longestQuestion) {
      return void response.status(400).type('text').send(`"question" takes 1 to ${longestQuestion} characters.\n`)
    }

    const tokens = answerTo(question)
    const place = readPlace(request.get('last-event-id')) ?? { askedAt: Date.now(), seen: 0 }
    // The client has had `done` as well: 204 says that it need not come back.
    if (place.seen > tokens.length) return void response.status(204).end()

    startEventStream(request, response, sockets)
    response.on('close', sendTokens(response, tokens, place, interval))
  }

  routes.post('/', letIn(sockets), express.json({ limit: '4kb' }), sameOriginOnly, answer)
  return routes
}

/** Sends every token after the first `seen` when it is due, then 'done', and ends the response. Returns a function that stops it. */
function sendTokens(
  response: Response,
  tokens: readonly string[],
  { askedAt, seen }: Place,
  interval: number,
): () => void {
  let next = seen
  let timer: NodeJS.Timeout | undefined

  function send(): void {
    const due = tokensAfter(Date.now() - askedAt, interval)
    for (; next < tokens.length && next < due; next += 1) write(next + 1, 'token', tokens[next])

    if (next < tokens.length) timer = setTimeout(send, interval)
    else {
      write(next + 1, 'done', { tokens: tokens.length })
      response.end()
    }
  }

  function write(number: number, event: string, data: unknown): void {
    writeEvent(response, event, data, `${askedAt}-${number}`)
  }

  send()
  return () => clearTimeout(timer)
}

function readPlace(id: string | undefined): Place | undefined {
  const [, askedAt, seen] = /^(\d{1,15})-(\d{1,6})$/.exec(id ?? '') ?? []
  // An id from the future was not given out here: it would hold the answer back until its time.
  return Number(askedAt) <= Date.now() ? { askedAt: Number(askedAt), seen: Number(seen) } : undefined
}
