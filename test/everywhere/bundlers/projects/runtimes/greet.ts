import { createClient, type DuplexClient, fetchStream, type RealtimeClient, webSocket } from 'holdfast'
import { crossTab } from 'holdfast/cross-tab'
import { readEvents } from 'holdfast/sse'
import { fakeTransport } from 'holdfast/testing'

interface Events {
  greeting: { text: string }
}

export const duplex: DuplexClient<Events> = createClient<Events>(crossTab(webSocket('/live'), { name: 'greetings' }))
export const simplex: RealtimeClient<Events> = createClient<Events>(fetchStream('/stream'))
export const off: () => void = simplex.on('greeting', ({ text }) => text.toUpperCase())
// @ts-expect-error what `on` is given has no such property
export const wrong: () => void = simplex.on('greeting', ({ words }) => words)
export const rest: readonly unknown[] = [readEvents, fakeTransport]
