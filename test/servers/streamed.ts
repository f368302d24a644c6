/** One real server of event streams for one test, and clients of it in real time. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClientOptions } from '../../src/realtime-client.ts'
import type { Provider } from '../../src/transport.ts'
import { type FetchStreamOptions, fetchStream } from '../../src/transports/fetch-stream.ts'
import { observeClient } from '../contract/observed-client.ts'
import { startLiveServer } from './live-server.ts'

/** A request as the server has it, once its body is complete. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly response: ServerResponse
  /** The response has ended, by either side. */
  readonly ended: boolean
}

export interface StreamServer {
  readonly origin: string
  /** Oldest first. */
  readonly asked: readonly Asked[]
}

/** `answer` gets each request once its body has come, and its number, from 1. */
export async function startStreams(answer: (asked: Asked, number: number) => void): Promise<StreamServer> {
  const asked: Asked[] = []
  const { origin } = await startLiveServer(
    () => {},
    async (request, response) => {
      let ended = false
      response.once('close', () => {
        ended = true
      })
      const { method = '', url: path = '', headers } = request
      let body = ''
      for await (const chunk of request) body += chunk
      const one = {
        method,
        path,
        headers,
        body,
        response,
        get ended() {
          return ended
        },
      }
      answer(one, asked.push(one))
    },
  )
  return { origin, asked }
}

/** Announces a stream, and sends this much of it. */
export function stream({ response }: Pick<Asked, 'response'>, text = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  if (text) response.write(text)
  return response
}

/** A client of raw strings, on the platform's own clock, whose waits are short. It has connected. */
export function connectTo(url: Provider<string | URL>, options: FetchStreamOptions = {}, client: ClientOptions = {}) {
  const observed = observeClient(fetchStream(url, options), {
    environment: undefined,
    reconnect: { minDelay: 20, maxDelay: 40 },
    ...client,
  })
  observed.client.connect()
  return observed
}
