/** An endpoint that takes messages by POST, in good circumstances and in bad ones. */
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Post {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** Which POST of its peer this is, counted from 1. */
  readonly number: number
}

/**
 * Takes each body and answers 204. The first `times` (or all) are answered with the status `code` instead, and not taken; with
 * `lose` they are taken and the answer is lost; with `hold` none is answered.
 */
export async function answerUpstream(
  { request, response, query, number }: Post,
  taken: (body: string | Buffer) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const isFaulty = number <= Number(query.get('times') ?? Infinity)
  if (query.has('hold')) return
  if (query.has('code') && isFaulty) {
    response.writeHead(Number(query.get('code'))).end('{"error":"no"}')
    return
  }

  taken(request.headers['content-type'] === 'application/octet-stream' ? body : `${body}`)
  if (query.has('lose') && isFaulty) request.socket.destroy()
  else response.writeHead(204).end()
}
