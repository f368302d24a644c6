import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Posted {
  readonly type: string
  readonly data?: unknown
}

const mostBytes = 65_536

/**
 * Takes messages by POST, each once. `store` keeps a message under its key, in one step, and says whether the key was new
 * (in SQL, `insert … on conflict do nothing`); `tell` hears of the new ones only, and must not throw.
 */
export function acceptPosts(store: (key: string, posted: Posted) => Promise<boolean>, tell: (posted: Posted) => void) {
  return async (request: IncomingMessage, response: ServerResponse, user: string): Promise<void> => {
    const answer = (status: number) => void response.writeHead(status).end()
    const { 'idempotency-key': key, 'content-length': length = Infinity } = request.headers
    if (request.method !== 'POST' || key === undefined) return answer(400)
    if (Number(length) > mostBytes) return answer(413)

    let posted: Posted | undefined
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      posted = JSON.parse(`${Buffer.concat(chunks)}`) as Posted
      if (typeof posted?.type !== 'string') return answer(400)

      // Keys count per user: nobody can use up the key of another.
      if (await store(JSON.stringify([user, key]), posted)) tell(posted)
      answer(204)
    } catch (error) {
      // Perhaps it was not stored, so it must come again: after a 503 the client repeats it, after a 4xx it would drop it.
      answer(error instanceof SyntaxError && !posted ? 400 : 503)
    }
  }
}
