import { describe, expect, test } from 'vitest'
import { type ErrorCode, type QueueOptions, text } from '../../src/index.ts'
import { codeThrownBy, type given, givenConnecting, givenOpen, payloads } from '../circumstances.ts'
import { jump } from './jump.ts'

/** A queue for two that makes room, with two messages in it, and what is done at the first error of this code. */
function givenFull(code: ErrorCode, act: (all: ReturnType<typeof given>) => void, queue: QueueOptions = {}) {
  const all = givenConnecting({ codec: text(), queue: { maxMessages: 2, whenFull: 'drop-oldest', ...queue } })
  let hasActed = false
  all.client.onError((error) => {
    if (hasActed || error.code !== code) return
    hasActed = true
    act(all)
  })
  const arrived = () => all.transport.links.map(({ sent }) => sent)
  return { ...all, arrived }
}

describe('what a listener does while a message makes room', () => {
  test('[SQ1] what it sends comes after the message that made room', () => {
    const { client, link, told, arrived } = givenFull('queue-full', ({ client: own }) => own.send('message', 'from it'))
    for (const message of ['a', 'b', 'c']) client.send('message', message)
    link().open()

    expect(told.codes).toEqual(['queue-full', 'queue-full'])
    expect(arrived()).toEqual([['c', 'from it']])
  })

  test('[SQ1] what it sends may in turn take the place of the message that made room, and that is told', () => {
    const { client, link, told, arrived } = givenFull('queue-full', ({ client: own }) => {
      own.send('message', 'x')
      own.send('message', 'y')
    })
    for (const message of ['a', 'b', 'c']) client.send('message', message)
    link().open()

    expect(told.codes).toEqual(['queue-full', 'queue-full', 'queue-full'])
    expect(arrived()).toEqual([['x', 'y']])
  })

  test('[SQ1][SQ4] close() drops all of it, and every message is told of or thrown for', () => {
    const { client, told } = givenFull('queue-full', ({ client: own }) => own.close())
    for (const message of ['a', 'b', 'c']) client.send('message', message)

    expect(told.errors).toMatchObject([{ code: 'queue-full' }, { code: 'aborted', message: 'Messages dropped: 2.' }])
    expect(client.bufferedAmount).toBe(0)
  })

  test('[SQ2] connecting and opening sends the rest once, in order', () => {
    const { client, told, arrived } = givenFull('queue-full', ({ client: own, link }) => {
      own.reconnect()
      link().open()
    })
    for (const message of ['a', 'b', 'c']) client.send('message', message)

    expect(told.codes).toEqual(['queue-full'])
    expect(arrived()).toEqual([[], ['b', 'c']])
    expect(client.bufferedAmount).toBe(0)
  })

  test('[SQ1] several that have to go are told one by one, whatever is sent meanwhile', () => {
    const { client, link, told, arrived } = givenFull('queue-full', ({ client: own }) => own.send('message', 'z'), {
      maxMessages: 10,
      maxBytes: 4,
    })
    for (const message of ['a', 'b', 'c', 'ddd']) client.send('message', message)
    link().open()

    expect(told.codes).toEqual(['queue-full', 'queue-full', 'queue-full'])
    expect(arrived()).toEqual([['ddd', 'z']])
  })

  test('[SQ1] a listener that throws keeps nothing from the others', () => {
    const { client, link, told, arrived } = givenFull('queue-full', () => {
      throw new Error('a bug')
    })
    for (const message of ['a', 'b', 'c', 'd']) client.send('message', message)
    link().open()

    expect([...told.codes].sort()).toEqual(['listener', 'queue-full', 'queue-full'])
    expect(arrived()).toEqual([['c', 'd']])
  })
})

describe('what a listener does while messages expire', () => {
  const expiring = (all: ReturnType<typeof givenFull>) => {
    all.client.send('message', 'a', { ttl: 50 })
    all.client.send('message', 'b', { ttl: 50 })
    all.client.send('message', 'c', { ttl: 90 })
    all.client.send('message', 'd')
    return all.environment.advance(50)
  }
  const roomy = { maxMessages: 10 }

  test('[SQ3] what it sends comes last, and has its own time', async () => {
    const all = givenFull('expired', ({ client }) => client.send('message', 'from it', { ttl: 20 }), roomy)
    await expiring(all)
    expect(all.told.codes).toEqual(['expired', 'expired'])
    await all.environment.advance(19)
    expect(all.told.codes).toHaveLength(2)
    await all.environment.advance(1)
    expect(all.told.codes).toHaveLength(3)
    all.link().open()

    expect(all.arrived()).toEqual([['c', 'd']])
  })

  test('[SQ3][SQ4] close() drops what is left, leaves no timer, and each message is told of once', async () => {
    const all = givenFull('expired', ({ client }) => client.close(), roomy)
    await expiring(all)

    expect([...all.told.codes].sort()).toEqual(['aborted', 'expired', 'expired'])
    expect(all.told.errors.find(({ code }) => code === 'aborted')?.message).toBe('Messages dropped: 2.')
    expect(all.environment.held).toBe(0)
  })

  test('[SQ2][SQ3] connecting and opening sends what is left, once', async () => {
    const all = givenFull(
      'expired',
      ({ client, link }) => {
        client.reconnect()
        link().open()
      },
      roomy,
    )
    await expiring(all)
    await all.environment.advance(1000)

    expect(all.told.codes).toEqual(['expired', 'expired'])
    expect(all.arrived()).toEqual([[], ['c', 'd']])
  })
})

describe('what a listener does while messages go out', () => {
  test('[SQ2] what an open listener sends comes after the queue, in order', () => {
    const { client, link } = givenConnecting()
    client.onState(({ status }) => {
      if (status === 'open') for (const note of [3, 4]) client.send('note', note)
    })
    for (const note of [1, 2]) client.send('note', note)
    link().open()
    client.send('note', 5)

    expect(payloads(link().sent)).toEqual([1, 2, 3, 4, 5])
  })

  test('[SQ2] a listener that reconnects on open gets nothing sent twice', () => {
    const { client, link, transport } = givenConnecting()
    let times = 0
    client.onState(({ status }) => {
      if (status === 'open' && times++ === 0) client.reconnect()
    })
    for (const note of [1, 2]) client.send('note', note)
    link().open()
    client.send('note', 3)
    link().open()

    expect(transport.links.map(({ sent }) => payloads(sent))).toEqual([[1, 2], [3]])
  })

  test('[SQ2][SQ3] one that expires as the link opens is told, and what its listener sends goes out last', async () => {
    const { client, link, told, environment } = givenConnecting()
    client.onError(({ code }) => {
      if (code === 'expired') client.send('note', 'instead')
    })
    client.send('note', 1, { ttl: 50 })
    client.send('note', 2)
    jump(environment, 100)
    link().open()

    expect(told.codes).toEqual(['expired'])
    expect(payloads(link().sent)).toEqual([2, 'instead'])
  })

  test('[SQ4] an error listener that closes while the link takes the queue leaves nothing', () => {
    const { client, link, told, environment } = givenConnecting()
    client.onError(() => client.close())
    client.send('note', 1)
    client.send('note', 2, { ttl: 50 })
    client.send('note', 3)
    jump(environment, 100)
    link().open()

    expect(told.codes).toEqual(['expired'])
    expect(client.state.status).toBe('closed')
    expect(environment.held).toBe(0)
    expect(payloads(link().sent)).toEqual([1, 3])
  })
})

test('[SQ4] close() from a listener of its own error tells once', () => {
  const { client, told } = givenConnecting()
  client.onError(() => client.close())
  client.send('note', 1)
  client.close()

  expect(told.codes).toEqual(['aborted'])
})

test('[SQ4] what is sent from the listener of the drop is refused', () => {
  const { client } = givenConnecting()
  const thrown: unknown[] = []
  client.onError(() => thrown.push(codeThrownBy(() => client.send('note', 2))))
  client.send('note', 1)
  client.close()

  expect(thrown).toEqual(['not-open'])
})

test('[SQ4] connect() from the listener of the drop starts with an empty queue', () => {
  const { client, link } = givenConnecting()
  client.onError(() => {
    client.connect()
    client.send('note', 2)
  })
  client.send('note', 1)
  client.close()
  link().open()

  expect(payloads(link().sent)).toEqual([2])
})

test('[SQ4] close() while open tells of nothing: what was sent is the link’s', () => {
  const { client, told } = givenOpen()
  client.send('note', 1)
  client.close()

  expect(told.errors).toEqual([])
})
