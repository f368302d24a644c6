import { RealtimeError, readEvents } from 'holdfast/sse'

/**
 * Streams a message in the format of Anthropic, whose events have names. Resolves with the `stop_reason`. When `signal` is
 * aborted, it rejects with the signal's reason, and the server sees the request end.
 */
export async function messageStream(
  url: string,
  { headers, request, signal }: { headers?: Record<string, string>; request: object; signal?: AbortSignal },
  onText: (text: string) => void,
): Promise<string | undefined> {
  const body = JSON.stringify({ ...request, stream: true })
  const fields = { 'content-type': 'application/json', ...headers }
  const response = await fetch(url, { method: 'POST', headers: fields, body, signal: signal ?? null })
  let stopReason: string | undefined

  for await (const { event, data } of readEvents(response, { signal })) {
    if (event === 'message_stop') return stopReason
    // Skips `ping`, and events that the format may get in future.
    if (!['content_block_delta', 'message_delta', 'error'].includes(event)) continue
    const { delta, error } = JSON.parse(data)
    // The status was 200: this error comes in the middle of the answer.
    if (error) throw new RealtimeError('lost', error.message, { cause: error })
    if (delta.type === 'text_delta') onText(delta.text)
    stopReason = delta.stop_reason ?? stopReason
  }
  throw new RealtimeError('lost', 'The answer is not complete.')
}
