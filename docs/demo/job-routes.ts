/**
 * Jobs over HTTP: `POST /jobs` starts one and names it, `GET /jobs/NAME` follows it, from the step after the last id, and ends with
 * 'completed'. A client that has had that gets 204, which says not to come back.
 */
import express, { type RequestHandler, type Response, Router } from 'express'
import { startEventStream, writeEvent } from './event-stream.ts'
import { crateCounts, createJob, findJob, type Job, progressAt, resultOf, stepsDone } from './job.ts'
import { letIn } from './let-in.ts'
import { sameOriginOnly } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

export function jobRoutes(sockets: SocketsSwitch, interval: number): Router {
  const routes = Router()

  const start: RequestHandler = (request, response) => {
    const crates: unknown = request.body?.crates
    if (!crateCounts.some((count) => count === crates))
      return void response
        .status(400)
        .type('text')
        .send(`"crates" takes one of ${crateCounts.join(', ')}.\n`)

    response.status(201).json({ name: createJob(crates as number, Date.now()).name })
  }

  const follow: RequestHandler<{ readonly name: string }> = (request, response) => {
    const job = findJob(request.params.name, Date.now())
    if (job === undefined) return void response.status(404).type('text').send('There is no such job.\n')

    const lastId = request.get('last-event-id') ?? ''
    const seen = /^\d{1,6}$/.test(lastId) ? Number(lastId) : 0
    if (seen > job.crates) return void response.status(204).end()

    startEventStream(request, response, sockets)
    response.on('close', tellProgress(response, job, seen, interval))
  }

  routes.post('/', letIn(sockets), express.json({ limit: '4kb' }), sameOriginOnly, start)
  routes.get('/:name', letIn(sockets), follow)
  return routes
}

/** Sends every step after `seen` when it is done, then 'completed', and ends the response. Returns a function that stops it. */
function tellProgress(response: Response, job: Job, seen: number, interval: number): () => void {
  let sent = seen
  let timer: NodeJS.Timeout | undefined

  function tell(): void {
    const done = stepsDone(job, Date.now(), interval)
    while (sent < done) {
      sent += 1
      writeEvent(response, 'progress', progressAt(job, sent), `${sent}`)
    }

    if (sent < job.crates) timer = setTimeout(tell, interval)
    else {
      writeEvent(response, 'completed', { result: resultOf(job) }, `${job.crates + 1}`)
      response.end()
    }
  }

  tell()
  return () => clearTimeout(timer)
}
