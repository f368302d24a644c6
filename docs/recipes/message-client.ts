import { createClient, type FetchStreamOptions, fetchStream, type RealtimeClient, RealtimeError } from 'holdfast'

interface MessageEvents {
  content_block_delta: { delta: { type: string; text?: string } }
  message_delta: { delta: { stop_reason: string | null } }
  message_stop: object
  error: { error: { type: string; message: string } }
}

/**
 * A client for one message. Until the answer begins it tries again, as any client does. Once it has begun, nothing is asked
 * again: an answer that breaks off closes the client with the error 'ended', a whole one closes it without an error.
 */
export function messageClient(url: string, options: FetchStreamOptions): RealtimeClient<MessageEvents> {
  let hasBegun = false
  // Called at every attempt, also when the page comes back from the back/forward cache or a freeze.
  const getUrl = () => {
    if (hasBegun) throw new RealtimeError('ended', 'The answer is not complete.')
    return url
  }
  const client = createClient<MessageEvents>(
    fetchStream(getUrl, { ...options, whenEnded: ({ status }) => (hasBegun && status === 200 ? 'stop' : undefined) }),
    { openTimeout: 120_000 },
  )
  client.onState(({ status }) => {
    hasBegun ||= status === 'open'
  })
  client.on('message_stop', () => client.close())
  return client
}
