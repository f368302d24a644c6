import { expect, test } from 'vitest'
import type { Inbound } from '../../src/codec.ts'
import { json } from '../../src/codecs/json.ts'
import type { ClientOptions } from '../../src/realtime-client.ts'
import { type EventSourceOptions, eventSource } from '../../src/transports/event-source.ts'
import { observeClient } from '../contract/observed-client.ts'
import { recordLink } from '../contract/recorded-link.ts'
import { until } from '../contract/until.ts'
import { type FakeSource, fakeEventSources } from '../fakes/fake-event-source.ts'

async function connect(options: EventSourceOptions = {}, clientOptions?: ClientOptions) {
  const { EventSource, sources } = fakeEventSources()
  const observed = observeClient(eventSource('https://example.org/feed', { EventSource, ...options }), clientOptions)
  observed.client.connect()
  await observed.environment.advance(0)
  return { ...observed, sources, source: () => sources.at(-1) as FakeSource }
}

test('[ES4] an event without an id on a replaced link does not forget the last one', async () => {
  const { client, environment, source } = await connect({ lastEventIdParam: 'since' })
  source().open()
  source().send({ data: 'one', id: '7' })
  client.reconnect()
  await environment.advance(0)
  source().open()
  source().send({ data: 'welcome' })
  expect(client.lastEventId).toBe('7')
  client.reconnect()
  await environment.advance(0)

  expect(source().url).toContain('since=7')
})

test('[ES4] an event without an id does not forget where to resume from', async () => {
  const { client, source } = await connect({}, { lastEventId: '42' })
  source().open()
  source().send({ data: 'welcome' })

  expect(client.lastEventId).toBe('42')
})

test('[RS3] an id that only the codec finds is known again', async () => {
  const { decode, encode } = json()
  const codec = { decode: ({ data }: Inbound) => decode({ data }), encode }
  const { client, environment, source } = await connect({}, { dedupe: 10, codec })
  const heard: unknown[] = []
  client.on('n', (data) => heard.push(data))
  const say = (number: number) => source().send({ data: JSON.stringify({ type: 'n', data: number, id: number }) })
  source().open()
  for (const number of [1, 2, 3]) say(number)
  client.reconnect()
  await environment.advance(0)
  source().open()
  for (const number of [2, 3, 4]) say(number)

  expect(heard).toEqual([1, 2, 3, 4])
})

test('[XT10] an event is told to have no id of its own while the source knows none', async () => {
  const { EventSource, sources } = fakeEventSources()
  const { frames, opened } = recordLink(eventSource('https://example.org/feed', { EventSource }), {
    events: ['message'],
  })
  await until('the source', () => sources.length > 0)
  sources[0]?.open()
  await opened()
  sources[0]?.send({ data: 'welcome' })
  sources[0]?.send({ data: 'one', id: '7' })

  expect(frames).toMatchObject([
    { data: 'welcome', id: undefined, isHeld: true },
    { data: 'one', id: '7', isHeld: false },
  ])
})

test('[ES1] a listener that a provider adds is heard', async () => {
  const heard: unknown[] = []
  const { EventSource, sources } = fakeEventSources()
  const { client, environment } = observeClient(
    eventSource(
      () => {
        client.on('late', (data) => heard.push(data))
        return 'https://example.org/feed'
      },
      { EventSource },
    ),
  )
  client.connect()
  await environment.advance(0)
  sources[0]?.open()
  sources[0]?.send({ event: 'late', data: '1' })

  expect(heard).toEqual(['1'])
})
