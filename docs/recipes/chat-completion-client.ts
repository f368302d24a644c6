import { type Codec, createClient, type FetchStreamOptions, fetchStream, RealtimeError } from 'holdfast'

interface Completion {
  chunk: { choices?: { delta?: { content?: string }; finish_reason?: string | null }[]; error?: { message: string } }
  done: undefined
}

/** Events have no names: JSON becomes `chunk`, and the closing `[DONE]` becomes `done`. */
const chunks: Codec = {
  decode: ({ data }) =>
    data === '[DONE]' ? { event: 'done', data: undefined } : { event: 'chunk', data: JSON.parse(`${data}`) },
  encode: ({ data }) => JSON.stringify(data),
}

/** A client for one chat completion. With `reconnect: false` any failure closes it, a 401 and a busy server included. */
export function chatCompletionClient(url: string, options: FetchStreamOptions) {
  let attempts = 0
  // Without this, a page that comes back from the back/forward cache or a freeze would ask again.
  const once = () => {
    if (attempts++) throw new RealtimeError('ended', 'The answer is not complete.')
    return url
  }
  const settings = { codec: chunks, reconnect: false, openTimeout: 120_000 } as const
  const client = createClient<Completion>(fetchStream(once, options), settings)
  client.on('done', () => client.close())
  return client
}
