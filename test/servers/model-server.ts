/**
 * A server that streams answers as those of language models do, one script for each request. The frames are those of the
 * public formats: https://platform.openai.com/docs/api-reference/chat-streaming and
 * https://docs.anthropic.com/en/api/messages-streaming.
 */
import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { startLiveServer } from './live-server.ts'

/**
 * How one request is answered: with pieces of the body, each in a chunk of its own, after which the stream ends, is cut ('cut') or
 * says nothing more ('hold'); or with a status and no stream.
 */
export type Script = readonly (string | 'cut' | 'hold')[] | { readonly status: number }

export interface ModelRequest {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** Resolves when the client has gone away before the answer was whole. */
  readonly aborted: Promise<void>
}

/** Answers each request by the next script, and by the last one again when there is no other. */
export async function startModelServer(...scripts: readonly Script[]) {
  const requests: ModelRequest[] = []
  const left = [...scripts]
  const { origin } = await startLiveServer(
    () => {},
    async (request, response) => {
      const script = (left.length > 1 ? left.shift() : left[0]) ?? []
      const { method, headers } = request
      requests.push({ method, headers, body: await readBody(request), aborted: untilAborted(response) })
      if ('status' in script) response.writeHead(script.status).end()
      else await perform(script, response)
    },
  )
  return { url: `${origin}/v1`, requests }
}

async function perform(script: Extract<Script, readonly unknown[]>, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
  for (const piece of script) {
    if (piece === 'hold') return
    if (piece === 'cut') return void response.destroy()
    // Waits until the system has the piece, so that a cut does not take it back.
    await new Promise((resolve) => response.write(piece, resolve))
  }
  response.end()
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = (await request.setEncoding('utf8').toArray()).join('')
  return text && JSON.parse(text)
}

async function untilAborted(response: ServerResponse): Promise<void> {
  await once(response, 'close')
  if (response.writableFinished) await new Promise(() => {})
}

/** The chunks of a chat completion, without the `[DONE]` after them. */
export function completionOf(texts: readonly string[], finish = 'stop'): string[] {
  const chunk = (choices: object[], more = {}) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more })}\n\n`
  const choice = (delta: object, reason: string | null = null) => [{ index: 0, delta, finish_reason: reason }]
  return [
    chunk(choice({ role: 'assistant', content: '' })),
    ...texts.map((content) => chunk(choice({ content }))),
    chunk(choice({}, finish)),
    chunk([], { usage: { prompt_tokens: 9, completion_tokens: texts.length, total_tokens: 9 + texts.length } }),
  ]
}

export const completionEnd = 'data: [DONE]\n\n'

/** One event of a message, whose data says its name again. */
export function messageEvent(type: string, more: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
}

/** All events of a message but the last one, `message_stop`. */
export function messageOf(texts: readonly string[], reason = 'end_turn'): string[] {
  const delta = (text: string) => messageEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
  return [
    messageEvent('message_start', { message: { id: 'msg_1', role: 'assistant', content: [], stop_reason: null } }),
    messageEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    messageEvent('ping'),
    ...texts.map(delta),
    messageEvent('content_block_stop', { index: 0 }),
    messageEvent('message_delta', {
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: 15 },
    }),
  ]
}

export const messageEnd = messageEvent('message_stop')

/**
 * A `fetch` whose answers come byte by byte, so that each character of more than one byte is split. Not left to the server:
 * on the way here, small chunks are put together again.
 */
export function byteByByte(platform: typeof fetch): typeof fetch {
  return async (...request) => {
    const response = await platform(...request)
    const split = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        for (const byte of chunk) controller.enqueue(Uint8Array.of(byte))
      },
    })
    return new Response(response.body?.pipeThrough(split) ?? null, response)
  }
}
