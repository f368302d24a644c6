import { RealtimeError, readEvents } from 'holdfast/sse'

/**
 * Streams a chat completion in the format that OpenAI and many others speak. Resolves with the `finish_reason`. When `signal`
 * is aborted, it rejects with the signal's reason, and the server sees the request end.
 */
export async function chatCompletion(
  url: string,
  { headers, request, signal }: { headers?: Record<string, string>; request: object; signal?: AbortSignal },
  onText: (text: string) => void,
): Promise<string | undefined> {
  const body = JSON.stringify({ ...request, stream: true })
  const fields = { 'content-type': 'application/json', ...headers }
  const response = await fetch(url, { method: 'POST', headers: fields, body, signal: signal ?? null })
  let finish: string | undefined

  for await (const { data } of readEvents(response, { signal })) {
    if (data === '[DONE]') return finish
    const { choices, error } = JSON.parse(data)
    // The status was 200: this error comes in the middle of the answer.
    if (error) throw new RealtimeError('lost', error.message, { cause: error })
    // `choices` is empty in the last chunk with `stream_options: { include_usage: true }`; some chunks of Azure have no `delta`.
    const [choice] = choices
    if (choice?.delta?.content) onText(choice.delta.content)
    finish = choice?.finish_reason ?? finish
  }
  // A stream may also end in good order in the middle of an answer, for example at the time limit of a proxy.
  throw new RealtimeError('lost', 'The answer is not complete.')
}
