import { describe, expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { codeThrownBy, givenRaw, payloads, type RawBehavior } from '../circumstances.ts'

const thrown = new Error('out of order')

function givenConnected(behavior: RawBehavior = {}, options: Parameters<typeof givenRaw>[1] = {}) {
  const all = givenRaw(behavior, options)
  all.client.connect()
  return all
}

function throwIt(): never {
  throw thrown
}

test('[SQ2] a link that throws on send is lost, and the frame goes out on the next', async () => {
  let refusals = 1
  const all = givenConnected({
    send() {
      if (refusals-- > 0) throwIt()
    },
  })
  all.link().observer.opened()

  expect(all.client.send('note', 1)).toBe('queued')
  expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'lost', cause: thrown } })
  await all.environment.advance(600)
  all.link().observer.opened()
  expect(payloads(all.link().sent)).toEqual([1])
})

test('[SQ2] a send that throws midway in a flush neither repeats nor loses', async () => {
  let calls = 0
  const all = givenConnected({
    send() {
      calls += 1
      if (calls === 3) throwIt()
    },
  })
  for (const note of [1, 2, 3, 4]) all.client.send('note', note)
  all.link().observer.opened()
  expect(all.client.state.status).toBe('waiting')
  await all.environment.advance(600)
  all.link().observer.opened()

  expect(all.transport.links.map(({ sent }) => payloads(sent))).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(all.told.codes).toEqual(['lost'])
})

test('[SQ2] a link that refuses a frame for a moment keeps the order', () => {
  let refuses = true
  const all = givenConnected({
    send() {
      if (refuses) throw new RealtimeError('not-open')
    },
  })
  all.link().observer.opened()
  expect(all.client.send('note', 1)).toBe('queued')
  refuses = false

  expect(all.client.send('note', 2)).toBe('sent')
  expect(payloads(all.link().sent)).toEqual([1, 2])
  expect(all.client.state.status).toBe('open')
})

test('[SQ2] a link that answers inside of send repeats nothing', () => {
  let refuses = true
  const all = givenConnected({
    send({ observer }) {
      if (refuses) throw new RealtimeError('not-open')
      observer.received({ data: '{"type":"echo"}' })
    },
  })
  all.link().observer.opened()
  all.client.send('note', 1)
  refuses = false
  all.client.on('echo', () => all.client.send('note', 2), { once: true })
  all.client.send('note', 3)

  expect(payloads(all.link().sent).sort()).toEqual([1, 2, 3])
})

test('[SQ2] what a link sends inside of a flush waits behind what is queued, and nothing is repeated', () => {
  const all = givenConnected({
    send({ sent }) {
      if (sent.length === 0) all.client.send('note', 'from within')
    },
  })
  for (const note of [1, 2]) all.client.send('note', note)
  all.link().observer.opened()

  expect(payloads(all.link().sent)).toEqual([1, 2, 'from within'])
})

test.each(['close', 'reconnect'] as const)('[SQ2] a link that calls %s() inside of a flush repeats nothing', (call) => {
  const all = givenConnected({
    send({ sent }) {
      if (sent.length === 0 && all.transport.links.length === 1) all.client[call]()
    },
  })
  for (const note of [1, 2, 3]) all.client.send('note', note)
  all.link().observer.opened()
  all.client.connect()
  all.link().observer.opened()
  const sent = all.transport.links.flatMap((link) => payloads(link.sent))

  expect(new Set(sent).size).toBe(sent.length)
})

test('[SQ4] a frame that closes the client is not kept in its queue, and not lost silently', () => {
  let breaks = true
  const all = givenConnected(
    {
      send() {
        if (breaks) throwIt()
      },
    },
    { reconnect: false },
  )
  all.link().observer.opened()
  const thrown = codeThrownBy(() => all.client.send('note', 1))
  expect([thrown, ...all.told.codes]).toEqual(expect.arrayContaining([expect.stringMatching(/^(not-open|aborted)$/)]))
  breaks = false
  all.client.connect()
  all.link().observer.opened()

  expect(all.link().sent).toEqual([])
})

test('[SQ4] a link that fails while it takes what was queued leaves nothing for the next one', () => {
  let refusal: Error | undefined = new RealtimeError('not-open')
  const behavior = {
    send() {
      if (refusal) throw refusal
    },
  }
  const { client, link } = givenRaw(behavior, { reconnect: false })
  client.connect()
  link().observer.opened()
  client.send('note', 1)
  refusal = new Error('broken')
  codeThrownBy(() => client.send('note', 2))
  refusal = undefined
  client.connect()
  link().observer.opened()

  expect(link().sent).toEqual([])
})

describe('what a link does while it takes the queue', () => {
  test('[SQ2] what is sent as it answers comes after what was queued, in order', () => {
    let refuses = true
    const { client, link } = givenRaw({
      send({ observer }) {
        if (refuses) throw new RealtimeError('not-open')
        observer.received({ data: '{"type":"echo"}' })
      },
    })
    client.on('echo', () => client.send('note', 'answer'), { once: true })
    client.connect()
    link().observer.opened()
    for (const note of [1, 2]) client.send('note', note)
    refuses = false
    client.send('note', 3)

    expect(payloads(link().sent)).toEqual([1, 2, 3, 'answer'])
  })

  test('[SQ4][SQ5] close() inside of it leaves nothing, and nothing counts', () => {
    const { client, link } = givenRaw({ send: () => client.close() })
    for (const note of [1, 2, 3]) client.send('note', note)
    client.connect()
    link().observer.opened()

    expect(link().sent).toHaveLength(1)
    expect(client.bufferedAmount).toBe(0)
  })

  test('[SQ2][SQ4] what is queued anew inside of it goes out on the next link, once', () => {
    const { client, link, transport } = givenRaw({
      send() {
        if (transport.links.length > 1) return
        client.close()
        client.connect()
        client.send('note', 'anew')
      },
    })
    for (const note of [1, 2]) client.send('note', note)
    client.connect()
    link().observer.opened()
    expect(client.bufferedAmount).toBeGreaterThan(0)
    link().observer.opened()

    expect(transport.links.map(({ sent }) => payloads(sent))).toEqual([[1], ['anew']])
    expect(client.bufferedAmount).toBe(0)
  })
})

test('[SQ1][SQ2] what a listener sends that hears of the loss comes after the message which the link refused', () => {
  let breaks = true
  const { client, link } = givenRaw({
    send() {
      if (breaks) throw new Error('broken')
    },
  })
  client.onError(({ code }) => code === 'lost' && client.send('note', 'from the listener'))
  client.connect()
  link().observer.opened()
  client.send('note', 'refused')
  breaks = false
  client.reconnect()
  link().observer.opened()

  expect(payloads(link().sent)).toEqual(['refused', 'from the listener'])
})

test('[SQ1][SQ2] a message for which there is no room does not keep the loss from being told', () => {
  const { client, link, told } = givenRaw(
    {
      send() {
        throw new Error('broken')
      },
    },
    { queue: { maxMessages: 1, whenFull: 'throw', maxBytes: 20 } },
  )
  client.connect()
  link().observer.opened()
  const thrown = codeThrownBy(() => client.send('note', 'x'.repeat(20)))

  expect([thrown, told.codes, client.state.status]).toEqual(['queue-full', ['lost'], 'waiting'])
})
