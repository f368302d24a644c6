import { createClient, type FetchStreamOptions, fetchStream, type RealtimeClient } from 'holdfast'

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
  const client = createClient<MessageEvents>(
    fetchStream(url, { ...options, whenEnded: ({ status }) => (status === 200 ? 'stop' : undefined) }),
  )
  client.on('message_stop', () => client.close())
  return client
}
