import { expect, test } from 'vitest'
import {
  everyStatus,
  given,
  givenConnecting,
  givenFailed,
  givenOpen,
  givenSuspended,
  givenWaiting,
  say,
} from '../circumstances.ts'
import { reading, settled, take } from './reading.ts'

const refused = { thrown: expect.objectContaining({ code: 'refused' }) }

test('[RT6] close() ends a loop that waits', async () => {
  const { client } = givenOpen()
  const read = reading(client.events('a'))
  await settled()
  client.close()
  await settled()

  expect(read).toEqual({ values: [], end: 'done' })
})

test('[RT6] close() ends an iterator after what it has kept', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  say(link(), 'a', 1)
  say(link(), 'a', 2)
  client.close()

  expect(await take(iterator, 4)).toEqual([1, 2, 'done', 'done'])
})

test('[RT6] close() answers every call of next that waits', async () => {
  const { client } = givenOpen()
  const iterator = client.events('a')
  const calls = [iterator.next(), iterator.next(), iterator.next()]
  client.close()

  for (const call of calls) expect(await call).toEqual({ done: true, value: undefined })
})

test('[RT6] a client that closes with an error ends its iterators with it, after what they have kept', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  say(link(), 'a', 1)
  link().end({ code: 'refused' })
  const taken = await take(iterator, 4)

  expect(taken).toEqual([1, refused, 'done', 'done'])
  expect(taken[1]).toEqual({ thrown: (client.state as { error?: unknown }).error })
})

test('[RT6] of several calls of next that wait, the first gets the error', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  const calls = [iterator.next(), iterator.next(), iterator.next()]
  link().end({ code: 'refused' })

  await expect(calls[0]).rejects.toMatchObject({ code: 'refused' })
  for (const call of calls.slice(1)) expect(await call).toEqual({ done: true, value: undefined })
})

test('[RT6] every iterator throws the error of the client', async () => {
  const { client, link } = givenOpen()
  const reads = [reading(client.events('a')), reading(client.events('a')), reading(client.events('b'))]
  link().end({ code: 'refused' })
  await settled()

  for (const { end } of reads) expect(end).toEqual(refused)
})

test.each(everyStatus.slice(0, 5))(
  '[RT6] the iterator of a client that is %s goes on, until close()',
  async (_, make) => {
    const { client } = make()
    const read = reading(client.events('a'))
    await settled()
    expect(read.end).toBe('reading')
    client.close()
    await settled()

    expect(read.end).toBe('done')
  },
)

test('[RT6] neither a lost link nor a wait nor a rest ends an iterator', async () => {
  const { client, environment, link } = givenOpen()
  const read = reading(client.events('a'))
  link().end()
  await environment.advance(600)
  link().open()
  environment.freeze()
  environment.resume()
  link().open()
  say(link(), 'a', 1)
  await settled()

  expect(read).toEqual({ values: [1], end: 'reading' })
})

test('[RT6] iterating a closed client is over at once', async () => {
  const { client } = given()
  client.close()

  expect(await take(client.events('a'), 2)).toEqual(['done', 'done'])
})

test('[RT6] iterating a client that has failed throws its error, once', async () => {
  const { client } = givenFailed()

  expect(await take(client.events('a'), 3)).toEqual([refused, 'done', 'done'])
})

test('[RT6] what ended with the client does not begin again with it', async () => {
  const { client, link } = givenOpen()
  const iterator = client.events('a')
  client.close()
  client.connect()
  link().open()
  say(link(), 'a', 1)

  expect(await take(iterator, 2)).toEqual(['done', 'done'])
})

test('[RT6][CN7] close() and connect() inside a listener end the iterators of before, and none of after', async () => {
  const { client, link } = givenOpen()
  const before = reading(client.events('a'))
  const after: ReturnType<typeof reading>[] = []
  client.on('again', () => {
    client.close()
    client.connect()
    after.push(reading(client.events('a')))
  })
  say(link(), 'again')
  link().open()
  say(link(), 'a', 1)
  await settled()

  expect(before).toEqual({ values: [], end: 'done' })
  expect(after).toEqual([{ values: [1], end: 'reading' }])
})

test('[RT6][CN7] close() and connect() inside a state listener end the iterators of before, and none of after', async () => {
  const { client, link } = givenOpen()
  client.onState(
    () => {
      client.close()
      client.connect()
    },
    { once: true },
  )
  const read = reading(client.events('a'))
  link().end()
  await settled()

  expect(client.state.status).toBe('connecting')
  expect(read.end).toBe('done')
})

test('[RT6] a message whose listener closes the client still reaches the iterator', async () => {
  const { client, link } = givenOpen()
  client.on('a', () => client.close())
  const iterator = client.events('a')
  say(link(), 'a', 1)

  expect(await take(iterator, 2)).toEqual([1, 'done'])
})

test('[RT6] the signal of the client ends its iterators', async () => {
  const controller = new AbortController()
  const { client } = givenOpen({ signal: controller.signal })
  const read = reading(client.events('a'))
  controller.abort()
  await settled()

  expect(read.end).toBe('done')
})

test.each([
  ['connecting', givenConnecting],
  ['waiting', givenWaiting],
  ['suspended', givenSuspended],
] as const)('[RT6] a client that is closed while %s holds nothing for its iterators', async (_, make) => {
  const { client, environment } = make()
  const iterator = client.events('a')
  const call = iterator.next()
  client.close()

  expect(await call).toEqual({ done: true, value: undefined })
  expect(environment.held).toBe(0)
})
