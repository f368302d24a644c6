/**
 * The libraries that are compared, each behind the same few words. They are imported when they are asked for, so that
 * everything they may read at import is virtual by then.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Handshake } from '../../src/index.ts'

export interface Library {
  readonly name: string
  readonly version: string
  /** Whether a link can be made to wait for the server's word before it counts as open. */
  readonly hasHandshake: boolean
  /** One client, from its beginning. */
  start(url: Url, told: Told, needs?: Needs): void
}

/** All of them take a function that gives either, though the types of two allow only one that always gives the same. */
export type Url = string | (() => string | Promise<string>)

/** Hears what a client says of itself. */
export interface Told {
  opened(): void
  /** The link that was open is lost. */
  lost(): void
  /** It will not try again by itself. */
  gaveUp(): void
}

/** What a client is given besides its defaults, where it has such a thing. */
export interface Needs {
  readonly handshake?: boolean
  readonly heartbeat?: boolean
}

const require = createRequire(import.meta.url)

export async function loadLibraries(): Promise<readonly Library[]> {
  return [await loadHoldfast(), await loadPartysocket(), loadReconnectingWebSocket(), ...(await loadGraphqlWs())]
}

async function loadHoldfast(): Promise<Library> {
  const { createClient, webSocket } = await import('../../src/index.ts')
  return {
    name: 'holdfast',
    version: versionIn('../../package.json'),
    hasHandshake: true,
    start(url, told, needs = {}) {
      const client = createClient(webSocket(url), {
        heartbeat: needs.heartbeat && { probe: { event: 'ping' } },
        handshake: needs.handshake ? greet : undefined,
      })
      client.onState(({ status }, previous) => {
        if (status === 'open') told.opened()
        if (previous.status === 'open') told.lost()
        if (status === 'closed') told.gaveUp()
      })
      client.connect()
    },
  }
}

async function greet(link: Handshake): Promise<void> {
  link.send('hello')
  await link.next('welcome')
}

async function loadPartysocket(): Promise<Library> {
  const { default: ReconnectingSocket } = await import('partysocket/ws')
  return {
    name: 'partysocket',
    version: versionOf('partysocket'),
    hasHandshake: false,
    start: (url, told) => listen(new ReconnectingSocket(url as () => string), told),
  }
}

function loadReconnectingWebSocket(): Library {
  const path = require.resolve('reconnecting-websocket')
  return {
    name: 'reconnecting-websocket',
    version: versionOf('reconnecting-websocket'),
    hasHandshake: false,
    start(url, told) {
      // It draws its shortest delay when it is loaded, and every page loads it anew.
      delete require.cache[path]
      const ReconnectingWebSocket = require(path) as typeof import('reconnecting-websocket').default
      listen(new ReconnectingWebSocket(url as () => string), told)
    },
  }
}

/** Twice: as it comes, and with every option that its documentation has for the circumstances here. */
async function loadGraphqlWs(): Promise<readonly Library[]> {
  const { createClient } = await import('graphql-ws')
  const version = versionOf('graphql-ws')

  function subscribe(client: ReturnType<typeof createClient>, { opened, lost, gaveUp }: Told): void {
    client.on('connected', opened)
    client.on('closed', lost)
    client.subscribe({ query: 'subscription { news }' }, { next() {}, error: gaveUp, complete: gaveUp })
  }

  return [
    {
      name: 'graphql-ws',
      version,
      hasHandshake: true,
      start: (url, told) => subscribe(createClient({ url }), told),
    },
    {
      name: 'graphql-ws, set up',
      version,
      hasHandshake: true,
      start(url, told) {
        const client = createClient({
          url,
          retryAttempts: Number.POSITIVE_INFINITY,
          shouldRetry: () => true,
          connectionAckWaitTimeout: 10_000,
          keepAlive: 30_000,
        })
        let timer: ReturnType<typeof setTimeout> | undefined
        client.on('ping', (isReceived) => {
          if (!isReceived) timer = setTimeout(() => client.terminate(), 5000)
        })
        client.on('pong', () => clearTimeout(timer))
        client.on('closed', () => clearTimeout(timer))
        subscribe(client, told)
      },
    },
  ]
}

interface SocketLike {
  addEventListener(type: 'open' | 'close', listener: () => void): void
}

function listen(socket: SocketLike, told: Told): void {
  socket.addEventListener('open', () => told.opened())
  socket.addEventListener('close', () => told.lost())
}

function versionOf(name: string): string {
  return versionIn(`../../node_modules/${name}/package.json`)
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version
}
