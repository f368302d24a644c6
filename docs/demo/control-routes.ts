/**
 * The HTTP side of the switch: `GET /control` tells its state, `POST /control/stop`, `/start`, `/freeze` and
 * `/restart?for=3000` move it. Every answer is the status as JSON.
 */
import { Router } from 'express'
import { sameOriginOnly } from './same-origin.ts'
import type { SocketsSwitch } from './sockets-switch.ts'

const defaultPause = 3000
const longestPause = 30_000

export function controlRoutes(sockets: SocketsSwitch): Router {
  const routes = Router()

  routes.use((_request, response, next) => {
    response.set('cache-control', 'no-store')
    next()
  })
  routes.post('/{*move}', sameOriginOnly)

  routes.get('/', (_request, response) => {
    response.json(sockets.status)
  })

  for (const move of ['stop', 'start', 'freeze'] as const) {
    routes.post(`/${move}`, (_request, response) => {
      sockets[move]()
      response.json(sockets.status)
    })
  }

  routes.post('/restart', (request, response) => {
    const pause = readPause(request.query.for)
    if (pause === undefined) {
      response.status(400).type('text').send(`"for" takes whole milliseconds from 0 to ${longestPause}.\n`)
      return
    }

    sockets.restart(pause)
    response.json(sockets.status)
  })

  return routes
}

function readPause(value: unknown): number | undefined {
  if (value === undefined) return defaultPause
  if (typeof value !== 'string' || !/^\d{1,5}$/.test(value)) return undefined

  const pause = Number(value)
  return pause <= longestPause ? pause : undefined
}
