/**
 * Everything the demo serves over plain HTTP: its pages, the built library under `/dist/`, uPlot for the charts under `/vendor/uplot/`, the
 * live feed, the messages of the comparison, the answers, the notifications, the jobs and the control of the switch.
 */
import { fileURLToPath } from 'node:url'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { answerStream } from './answer-stream.ts'
import { controlRoutes } from './control-routes.ts'
import { feedStream } from './feed-stream.ts'
import { jobRoutes } from './job-routes.ts'
import { letIn } from './let-in.ts'
import { noticeRoutes } from './notice-routes.ts'
import { createNotices } from './notices.ts'
import { numberedStream } from './numbered-messages.ts'
import { servePage } from './page-frame.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export const pagesFolder = fileURLToPath(new URL('./pages/', import.meta.url))
export const distFolder = fileURLToPath(new URL('../../dist/', import.meta.url))
const chartsFolder = fileURLToPath(new URL('./', import.meta.resolve('uplot')))

export interface Pace {
  /** Milliseconds between two events of the live feed. */
  readonly feedInterval: number
  /** Milliseconds between two tokens of an answer. */
  readonly tokenInterval: number
  /** Milliseconds between two notifications. */
  readonly noticeInterval: number
  /** Milliseconds between two steps of a job. */
  readonly jobInterval: number
}

export function createWebApp(sockets: SocketsSwitch, pace: Pace): Express {
  const { feedInterval, tokenInterval, noticeInterval, jobInterval } = pace
  const app = express()

  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set('x-content-type-options', 'nosniff')
    next()
  })

  app.get('/feed', letIn(sockets), feedStream(sockets, feedInterval))
  app.get('/compare', letIn(sockets), numberedStream(sockets))
  app.use('/answer', answerStream(sockets, tokenInterval))
  app.use('/notifications', noticeRoutes(sockets, createNotices(noticeInterval), noticeInterval))
  app.use('/jobs', jobRoutes(sockets, jobInterval))
  app.use('/control', controlRoutes(sockets))
  app.use('/dist', express.static(distFolder))
  app.use('/vendor/uplot', express.static(chartsFolder))
  app.get('/{:name.html}', servePage(pagesFolder))
  app.use(express.static(pagesFolder, { index: false }))

  app.use((_request, response) => {
    response.status(404).type('text').send('Not found.\n')
  })
  app.use(plainError)

  return app
}

/** Express's own answer shows the stack, and prints it. */
const plainError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)

  const status = Number.isInteger(error?.status) && error.status >= 400 ? error.status : 500
  response
    .status(status)
    .type('text')
    .send(status < 500 ? 'Bad request.\n' : 'Something went wrong.\n')
}
