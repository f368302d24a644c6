/**
 * The demo's server: one Node process with the pages of the gallery and what each of them talks to, bound to this machine
 * only. `npm start` builds the library and runs this file; tests call `startDemo`.
 */
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createBoard } from './board.ts'
import { largestFrame } from './chat-frames.ts'
import { createChatRoom } from './chat-room.ts'
import { chatSocket } from './chat-socket.ts'
import { feedSocket } from './feed-socket.ts'
import { serveFrames } from './frame-socket.ts'
import { readGameFrame } from './game-frames.ts'
import { createGameWorld } from './game-world.ts'
import { pourPoints, readGaugeFrame } from './gauge-points.ts'
import { openJsonSocket } from './json-socket.ts'
import { numberedSocket } from './numbered-messages.ts'
import { explain, readSettings } from './settings.ts'
import { createSocketsSwitch, type SocketsSwitch } from './sockets-switch.ts'
import { createTabsRoom } from './tabs-room.ts'
import { largestTextFrame, readTextFrame } from './text-frames.ts'
import { createTextRoom } from './text-room.ts'
import { createWebApp, distFolder } from './web-app.ts'
import { serveWebSockets } from './web-sockets.ts'

export interface DemoOptions {
  /** 0 lets the system choose. @default 0 */
  readonly port?: number | undefined
  /** Certificate and key in PEM, both or neither. With them the demo speaks https: and wss:. */
  readonly cert?: string | Buffer | undefined
  readonly key?: string | Buffer | undefined
  /** Milliseconds between two events of the live feed. @default 1000 */
  readonly feedInterval?: number | undefined
  /** Milliseconds between two tokens of an answer. @default 80 */
  readonly tokenInterval?: number | undefined
  /** Milliseconds between two notifications. @default 6000 */
  readonly noticeInterval?: number | undefined
  /** Milliseconds between two steps of a job. @default 200 */
  readonly jobInterval?: number | undefined
  /** Milliseconds between two strokes of the bell that all tabs hear. @default 1000 */
  readonly bellInterval?: number | undefined
}

export interface Demo {
  /** Of the start page, with a slash at the end: `http://127.0.0.1:8080/`. */
  readonly url: string
  /** The same switch that the pages move by `POST /control/…`. */
  readonly sockets: SocketsSwitch
  /** Ends every connection, timer and the server itself. Idempotent. */
  close(): Promise<void>
}

const host = '127.0.0.1'

/** Rejects if the port cannot be had, or the options cannot work. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { port = 0, cert, key } = options
  const { feedInterval = 1000, tokenInterval = 80, noticeInterval = 6000, jobInterval = 200 } = options
  const { bellInterval = 1000 } = options
  const pace = { feedInterval, tokenInterval, noticeInterval, jobInterval, bellInterval }
  if ((cert === undefined) !== (key === undefined))
    throw new TypeError('TLS needs both `cert` and `key`; give both or neither.')
  for (const [name, interval] of Object.entries(pace)) {
    if (!Number.isInteger(interval) || interval < 1)
      throw new TypeError(`\`${name}\` takes whole milliseconds from 1 on.`)
  }

  const sockets = createSocketsSwitch()
  const app = createWebApp(sockets, pace)
  const secure = cert !== undefined && key !== undefined
  const server = secure ? createSecureServer({ cert, key }, app) : createServer(app)
  const room = createChatRoom()
  const textRoom = createTextRoom()
  const world = createGameWorld()
  const board = createBoard()
  const tabs = createTabsRoom(bellInterval)
  const endWebSockets = serveWebSockets(
    server,
    {
      '/chat': (webSocket, query) => chatSocket(webSocket, query.get('name'), room, sockets),
      '/feed': (webSocket, query) => feedSocket(webSocket, query.get('since'), feedInterval, sockets),
      '/together': (webSocket) => serveFrames(webSocket, sockets, readTextFrame, textRoom.enter),
      '/game': (webSocket) => serveFrames(webSocket, sockets, readGameFrame, world.enter),
      '/dashboard': (webSocket) => serveFrames(webSocket, sockets, readGaugeFrame, pourPoints),
      '/compare': (webSocket, query) => numberedSocket(webSocket, query.get('count'), sockets),
      '/board': (webSocket) => openJsonSocket(webSocket, sockets, board.enter),
      '/tabs': (webSocket, query) =>
        openJsonSocket(webSocket, sockets, (send) => tabs.enter(query.get('since') ?? '', send)),
    },
    Math.max(largestFrame, largestTextFrame),
    sockets,
  )

  await listen(server, port)

  let closed: Promise<void> | undefined
  function close(): Promise<void> {
    closed ??= new Promise((resolve) => {
      sockets.stop()
      endWebSockets()
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return closed
  }

  const { port: actualPort } = server.address() as AddressInfo
  return { url: `${secure ? 'https' : 'http'}://${host}:${actualPort}/`, sockets, close }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function run(): Promise<void> {
  if (!existsSync(`${distFolder}index.js`))
    throw new Error('The library is not built yet: run `npm start`, which builds it first.')

  const demo = await startDemo(readSettings(process.env))
  console.log(`holdfast demo: ${demo.url}`)

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.close())
}

if (import.meta.main) {
  run().catch((error: unknown) => {
    console.error(explain(error))
    process.exitCode = 1
  })
}
