import { expect, test } from 'vitest'
import { createClient, eventSource } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenOpen, say } from '../circumstances.ts'
import { fakeEventSources } from '../fakes/fake-event-source.ts'
import { listenedTo, reading, settled, take } from './reading.ts'

test('[RT5] an iterator gives the payloads of its event, in the order of arrival', async () => {
  const { client, link } = givenOpen()
  const read = reading(client.events('a'))
  for (const data of [1, 2, 3]) {
    say(link(), 'b', 0)
    say(link(), 'a', data)
  }
  await settled()

  expect(read).toEqual({ values: [1, 2, 3], end: 'reading' })
})

test('[RT5] an iterator listens from its call on, before anybody asks for the first', async () => {
  const { client, link } = givenOpen()
  say(link(), 'a', 'before')
  const iterator = client.events('a')
  say(link(), 'a', 1)
  say(link(), 'a', 2)

  expect(await take(iterator, 2)).toEqual([1, 2])
})

test('[RT5] a message goes to its listeners, then to onAny, then to those who wait for it in a loop', async () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  reading(client.events('a'), (data) => heard.push(`loop ${data}`))
  client.onAny((data) => heard.push(`any ${data}`))
  client.on('a', (data) => heard.push(`on ${data}`))
  for (const data of [1, 2]) {
    say(link(), 'a', data)
    await settled()
  }

  expect(heard).toEqual(['on 1', 'any 1', 'loop 1', 'on 2', 'any 2', 'loop 2'])
})

test('[RT5] loops over several events run in the order of arrival', async () => {
  const { client, link } = givenOpen()
  const heard: string[] = []
  for (const event of ['c', 'a', 'b']) reading(client.events(event), (data) => heard.push(`${event} ${data}`))
  say(link(), 'a', 1)
  say(link(), 'b', 2)
  say(link(), 'c', 3)
  await settled()

  expect(heard).toEqual(['a 1', 'b 2', 'c 3'])
})

test('[RT5] every iterator of an event gets every message of it', async () => {
  const { client, link } = givenOpen()
  const reads = [reading(client.events('a')), reading(client.events('a')), reading(client.events('a'))]
  for (const data of [1, 2, 3]) say(link(), 'a', data)
  await settled()

  for (const { values } of reads) expect(values).toEqual([1, 2, 3])
})

test('[RT5] a slow loop does not keep another one waiting', async () => {
  const { client, link } = givenOpen()
  const slow = reading(client.events('a'), () => new Promise(() => {}))
  const fast = reading(client.events('a'))
  for (const data of [1, 2, 3]) say(link(), 'a', data)
  await settled()

  expect(slow.values).toEqual([1])
  expect(fast.values).toEqual([1, 2, 3])
})

test('[RT5] two loops over one iterator share its messages, each of which goes to one of them', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  const all: number[] = []
  const reads = [reading(iterator, (data) => all.push(data)), reading(iterator, (data) => all.push(data))]
  const sent = Array.from({ length: 20 }, (_, index) => index)
  for (const data of sent) {
    say(link(), 'a', data)
    if (data % 5 === 0) await settled()
  }
  client.close()
  await settled()

  expect(all).toEqual(sent)
  for (const read of reads) {
    expect(read.values.length).toBeGreaterThan(0)
    expect(read.end).toBe('done')
  }
})

test('[RT5] calls of next that wait are answered in their order, one message each', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  say(link(), 'a', 'kept')
  const answers: unknown[] = []
  for (const name of ['first', 'second', 'third']) {
    void iterator.next().then(({ value }) => answers.push([name, value]))
  }
  say(link(), 'a', 1)
  await settled()
  expect(answers).toEqual([
    ['first', 'kept'],
    ['second', 1],
  ])
  say(link(), 'a', 2)
  await settled()

  expect(answers).toContainEqual(['third', 2])
})

test('[RT5] an iterator that a listener makes begins with the next message', async () => {
  const { client, link } = givenOpen()
  const reads: ReturnType<typeof reading>[] = []
  client.on('a', () => reads.push(reading(client.events('a'))), { once: true })
  say(link(), 'a', 1)
  say(link(), 'a', 2)
  await settled()

  expect(reads.map(({ values }) => values)).toEqual([[2]])
})

test('[RT5] what the body of a loop sends is sent before the loop asks for the next', async () => {
  const { client, link } = givenOpen()
  reading(client.events('a'), (data) => client.send('echo', data))
  say(link(), 'a', 1)
  say(link(), 'a', 2)
  await settled()

  expect(link().sent.map((frame) => JSON.parse(String(frame)).data)).toEqual([1, 2])
})

test('[RT5] an iterator goes on over the next link', async () => {
  const { client, link } = givenOpen()
  const read = reading(client.events('a'))
  say(link(), 'a', 1)
  client.reconnect()
  link().open()
  say(link(), 'a', 2)
  await settled()

  expect(read).toEqual({ values: [1, 2], end: 'reading' })
})

test('[RT1] a listener that throws does not keep an iterator from hearing', async () => {
  const { client, link } = givenOpen()
  client.on('a', () => {
    throw new Error('a bug')
  })
  const iterator = client.events('a')
  say(link(), 'a', 1)

  expect(await take(iterator, 1)).toEqual([1])
})

test.each(['__proto__', 'constructor', 'toString', 'then', '', '🚀'])(
  '[RT2] an event named %j can be iterated like any other',
  async (name) => {
    const { client, link } = givenOpen()
    const iterator = client.events(name)
    say(link(), name, 1)
    say(link(), 'other', 2)
    say(link(), name, 3)

    expect(await take(iterator, 2)).toEqual([1, 3])
    expect(listenedTo(link())).toEqual([name])
  },
)

test.each([[undefined], [null], [0], [{ done: true }], [Promise.resolve(1)]])(
  '[RT5] a payload like %o comes as it is',
  async (payload) => {
    const codec = { decode: () => ({ event: 'a', data: payload }), encode: () => '' }
    const { client, link } = givenOpen({ codec })
    const iterator = client.events('a')
    link().receive('')

    expect(await iterator.next()).toEqual({ done: false, value: payload })
  },
)

test('[RT6] an iterator is its own iterable, and works without its client', async () => {
  const { client, link } = givenOpen()
  const { events } = client
  const iterator = events('a')
  say(link(), 'a', 1)

  expect(iterator[Symbol.asyncIterator]()).toBe(iterator)
  expect(await take(iterator, 1)).toEqual([1])
})

test('[ES1] a link is told of an event that is iterated, before it opens and afterwards', () => {
  const { client, link } = given()
  client.events('early')
  client.connect()
  link().open()
  client.events('late')

  expect(link().request.events).toContain('early')
  expect(link().listened).toContain('late')
})

test.each(['before', 'after'])('[ES1] a named event that is iterated %s opening arrives', async (when) => {
  const { EventSource, sources } = fakeEventSources()
  const environment = fakeEnvironment()
  const client = createClient(eventSource('https://example.org/feed', { EventSource }), { environment })
  const early = when === 'before' && reading(client.events('price'))
  client.connect()
  await settled()
  sources[0]?.open()
  const read = early || reading(client.events('price'))
  sources[0]?.send({ event: 'price', data: '7' })
  await settled()

  expect(read.values).toEqual([7])
  client.close()
})
