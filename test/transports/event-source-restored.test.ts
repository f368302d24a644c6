/** An EventSource and the back/forward cache. */
import { expect, test } from 'vitest'
import { type EventSourceOptions, eventSource } from '../../src/transports/event-source.ts'
import { observeClient } from '../contract/observed-client.ts'
import { type FakeSource, fakeEventSources } from '../fakes/fake-event-source.ts'

/** A feed with ids that was open when its page went into the cache, and the source it had. */
async function givenCached(options: EventSourceOptions = {}) {
  const { EventSource, sources } = fakeEventSources()
  const observed = observeClient(eventSource('https://example.org/feed', { EventSource, ...options }))
  observed.client.on('price', () => {})
  observed.client.connect()
  await observed.environment.advance(0)
  const [cached] = sources as [FakeSource]
  cached.open()
  cached.send({ data: 'before', id: '7' })
  observed.environment.pageHide(true)
  return { ...observed, sources, cached }
}

test('[ES6] a source is closed when its page goes into the cache', async () => {
  const { cached, client } = await givenCached()

  expect(cached.readyState).toBe(2)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
})

test('[ES6] a source that comes back to life before pageshow is closed again', async () => {
  const { cached, client, errors } = await givenCached()
  cached.revive()
  cached.open()

  expect(cached.readyState).toBe(2)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
  expect(errors).toEqual([])
})

test('[ES6] a source that comes back to life beside its successor is closed again, and the successor stays', async () => {
  const { cached, client, environment, errors, sources } = await givenCached()
  environment.pageShow(true)
  await environment.advance(0)
  sources[1]?.open()
  cached.revive()
  cached.open()

  expect(sources.map(({ readyState }) => readyState)).toEqual([2, 1])
  expect(client.state.status).toBe('open')
  expect(errors).toEqual([])
})

test('[ES6] a source that comes back to life again and again is closed every time', async () => {
  const { cached } = await givenCached()
  for (let count = 0; count < 3; count += 1) {
    cached.revive()
    cached.open()
    expect(cached.readyState).toBe(2)
  }
})

test('[ES6] what a source brings that comes back to life is not heard', async () => {
  const { cached, client, environment, messages, errors } = await givenCached()
  environment.pageShow(true)
  await environment.advance(0)
  const { state } = client
  cached.revive()
  cached.send({ data: 'late', id: '8' })
  cached.send({ event: 'price', data: 'late', id: '9' })
  cached.drop()
  cached.fail()

  expect(messages).toEqual(['before'])
  expect(client.lastEventId).toBe('7')
  expect(client.state).toBe(state)
  expect(errors).toEqual([])
})

test('[ES6][ES4] the one source that follows resumes from the last id', async () => {
  const { environment, sources } = await givenCached({ lastEventIdParam: 'since' })
  environment.pageShow(true)
  environment.resume()
  await environment.advance(0)

  expect(sources.map(({ url }) => url)).toEqual(['https://example.org/feed', 'https://example.org/feed?since=7'])
})

test('[ES6] a source that was being restored when its page went into the cache is closed', async () => {
  const { EventSource, sources } = fakeEventSources()
  const { client, environment, errors } = observeClient(eventSource('https://example.org/feed', { EventSource }))
  client.connect()
  await environment.advance(0)
  sources[0]?.open()
  sources[0]?.send({ data: 'one', id: '7' })
  sources[0]?.drop()
  environment.pageHide(true)
  sources[0]?.revive()
  sources[0]?.open()
  environment.pageShow(true)
  await environment.advance(0)

  expect(sources.map(({ readyState }) => readyState)).toEqual([2, 0])
  expect(errors.map(({ code }) => code)).toEqual(['lost'])
})

test('[ES6][CN2] a client that was closed in the cache leaves no source open', async () => {
  const { cached, client, environment } = await givenCached()
  client.close()
  cached.revive()
  cached.open()

  expect(cached.readyState).toBe(2)
  expect(environment.held).toBe(0)
})
