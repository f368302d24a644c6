import { type Codec, createClient, type FetchStreamOptions, fetchStream, RealtimeError } from 'holdfast'

interface Completion {
  chunk: { choices?: { delta?: { content?: string }; finish_reason?: string | null }[]; error?: { message: string } }
  done: undefined
}

/** JSON without a name, and `[DONE]` at the end of it. */
const chunks: Codec = {
  decode: ({ data }) =>
    data === '[DONE]' ? { event: 'done', data: undefined } : { event: 'chunk', data: JSON.parse(`${data}`) },
  encode: ({ data }) => JSON.stringify(data),
}

/** A client over one chat completion. `reconnect: false`: whatever goes wrong ends it, a 401 and a busy server included. */
export function chatCompletionClient(url: string, options: FetchStreamOptions) {
  let attempts = 0
  // A page that comes out of the cache or from a freeze would ask again.
  const once = () => {
    if (attempts++) throw new RealtimeError('ended', 'The answer is not complete.')
    return url
  }
  const settings = { codec: chunks, reconnect: false, openTimeout: 120_000 } as const
  const client = createClient<Completion>(fetchStream(once, options), settings)
  client.on('done', () => client.close())
  return client
}
