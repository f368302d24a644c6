/** What an application writes over every entry, whichever host it is for. */
import {
  createClient,
  type DuplexClient,
  eventSource,
  fallback,
  fetchStream,
  isRealtimeError,
  type RealtimeClient,
  webSocket,
  withUpstream,
} from 'holdfast'
import { crossTab } from 'holdfast/cross-tab'
import { readEvents } from 'holdfast/sse'
import { fakeEnvironment, fakeTransport } from 'holdfast/testing'

interface Received {
  greeting: { readonly text: string }
}
interface Sent {
  answer: string
}

export const duplex: DuplexClient<Received, Sent> = createClient<Received, Sent>(
  crossTab(fallback([webSocket('/live'), withUpstream(eventSource('/stream'), '/answers')]), { name: 'greetings' }),
  { heartbeat: undefined, reconnect: { minDelay: undefined } },
)
export const answered: 'sent' | 'queued' | 'dropped' = duplex.send('answer', 'hello', { ttl: 1000 })

export const simplex: RealtimeClient<Received> = createClient<Received>(fetchStream('/stream'))
export const off: () => void = simplex.on('greeting', ({ text }, { id }) => text.length + id.length)
// @ts-expect-error a stream cannot send
simplex.send
// @ts-expect-error what `on` is given has no such property
simplex.on('greeting', ({ words }) => words)

export async function readAnswer(answer: Response): Promise<readonly string[]> {
  const texts: string[] = []
  try {
    for await (const { data } of readEvents(answer)) texts.push(data)
  } catch (error) {
    if (!isRealtimeError(error)) throw error
    texts.push(error.hint ?? error.code)
  }
  return texts
}

export function tested(): number {
  const transport = fakeTransport()
  createClient(transport, { environment: fakeEnvironment() }).connect()
  return transport.links.length
}
