import { type Codec, createClient, type FetchStreamOptions, fetchStream, type RealtimeClient } from 'holdfast'

interface Completion {
  chunk: { choices: { delta: { content?: string }; finish_reason?: string | null }[]; error?: { message: string } }
  done: undefined
}

/** JSON without a name, and `[DONE]` at the end of it. */
const chunks: Codec = {
  decode: ({ data }) =>
    data === '[DONE]' ? { event: 'done', data: undefined } : { event: 'chunk', data: JSON.parse(`${data}`) },
  encode: ({ data }) => JSON.stringify(data),
}

/** A client over one chat completion. `reconnect: false`: whatever goes wrong ends it, before the first chunk too. */
export function chatCompletionClient(url: string, options: FetchStreamOptions): RealtimeClient<Completion> {
  const client = createClient<Completion>(fetchStream(url, options), { codec: chunks, reconnect: false })
  client.on('done', () => client.close())
  return client
}
