import { createClient, type FetchStreamOptions, fetchStream, type RealtimeClient, RealtimeError } from 'holdfast'

interface MessageEvents {
  content_block_delta: { delta: { type: string; text?: string } }
  message_delta: { delta: { stop_reason: string | null } }
  message_stop: object
  error: { error: { type: string; message: string } }
}

/**
 * A client over one message. While the server is busy it tries again, as any client does; an answer that has begun is
 * never asked for twice: where it breaks off, the client is closed with the error 'ended', and without one where it is whole.
 */
export function messageClient(url: string, options: FetchStreamOptions): RealtimeClient<MessageEvents> {
  let hasBegun = false
  // Asked at every attempt, also at that of a page which comes out of the cache or from a freeze.
  const once = () => {
    if (hasBegun) throw new RealtimeError('ended', 'The answer is not complete.')
    return url
  }
  const client = createClient<MessageEvents>(
    fetchStream(once, { ...options, whenEnded: ({ status }) => (hasBegun && status === 200 ? 'stop' : undefined) }),
    { openTimeout: 120_000 },
  )
  client.onState(({ status }) => {
    hasBegun ||= status === 'open'
  })
  client.on('message_stop', () => client.close())
  return client
}
