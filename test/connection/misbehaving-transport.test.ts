import { expect, test } from 'vitest'
import { createClient, type DuplexTransport, type LinkObserver, RealtimeError } from '../../src/index.ts'
import { givenRaw, over, type RawBehavior, rawTransport } from '../circumstances.ts'

const thrown = new Error('out of order')

function givenConnected(behavior: RawBehavior = {}, options: Parameters<typeof givenRaw>[1] = {}) {
  const all = givenRaw(behavior, options)
  all.client.connect()
  return all
}

function throwIt(): never {
  throw thrown
}

function end({ observer }: { observer: LinkObserver }): void {
  observer.ended(new RealtimeError('lost'))
}

test('[TR1] a transport that throws in open is a failed try', () => {
  const { client, told } = givenConnected({ open: throwIt })

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2, error: { code: 'unreachable', cause: thrown } })
  expect(told.codes).toEqual(['unreachable'])
})

test('[TR1] an error of ours that open throws keeps its code', () => {
  const { client } = givenConnected({
    open() {
      throw new RealtimeError('insecure')
    },
  })

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'insecure' } })
})

test('[CN8] a transport that reports its end and then throws has failed once', () => {
  const { client, told } = givenConnected({
    open(link) {
      end(link)
      throwIt()
    },
  })

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  expect(told.codes).toEqual(['lost'])
})

test('[TR1] a link that opens inside of open is open when connect() returns', () => {
  const { client, told } = givenConnected({ open: ({ observer }) => observer.opened() })

  expect(client.state).toMatchObject({ status: 'open', transport: 'raw' })
  expect(told.statuses).toEqual(['connecting', 'open'])
})

test('[TR1] a link that ends inside of open is closed', () => {
  const { client, link } = givenConnected({ open: end })

  expect(client.state.status).toBe('waiting')
  expect(link().closings).toBe(1)
})

test('[TR1] a message inside of open is heard after the opening', () => {
  const all = givenRaw({
    open({ observer }) {
      observer.opened()
      observer.received({ data: '1' })
    },
  })
  const order: unknown[] = []
  all.client.onState(({ status }) => order.push(status))
  all.client.onAny((data) => order.push(data))
  all.client.connect()

  expect(order).toEqual(['connecting', 'open', 1])
})

test('[CN8] an end that is reported twice counts once', () => {
  const { client, link, told } = givenConnected()
  end(link())
  end(link())

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
  expect(told.codes).toEqual(['lost'])
})

test('[CN8] an end that is reported twice inside of a listener counts once', () => {
  const { client, link, told } = givenConnected()
  client.onState(({ status }) => {
    if (status !== 'open') return
    end(link())
    end(link())
  })
  link().observer.opened()

  expect(told.codes).toEqual(['lost'])
  expect(client.state).toMatchObject({ status: 'waiting', attempt: 2 })
})

test('[CN3] a link that opens twice is opened once', () => {
  const { client, link, told } = givenConnected()
  link().observer.opened()
  const { state } = client
  link().observer.opened()

  expect(client.state).toBe(state)
  expect(told.statuses).toEqual(['connecting', 'open'])
})

test.each<[string, (observer: LinkObserver) => void]>([
  ['opens', (observer) => observer.opened()],
  ['ends', (observer) => observer.ended(new RealtimeError('refused'))],
  ['receives', (observer) => observer.received({ data: '1', event: 'news', id: '1' })],
  ['is interrupted', (observer) => observer.interrupted(new RealtimeError('lost'), 0)],
  ['is alive', (observer) => observer.alive()],
])('[CN4] a link that %s after close() is not heard', (_, report) => {
  const { client, link, told, environment } = givenConnected()
  client.close()
  report(link().observer)

  expect(told.statuses).toEqual(['connecting', 'closed'])
  expect(told.errors).toEqual([])
  expect(client.lastEventId).toBe('')
  expect(environment.held).toBe(0)
})

test('[CN4] a link that ends while it is closed is not heard', () => {
  const { client, told } = givenConnected({ close: end })
  client.close()

  expect(told.statuses).toEqual(['connecting', 'closed'])
  expect(told.errors).toEqual([])
})

test('[CN4] a link that ends while it is replaced does not end its successor', () => {
  const { client, transport } = givenConnected({ close: end })
  client.reconnect()

  expect(client.state.status).toBe('connecting')
  expect(transport.links.map(({ closings }) => closings)).toEqual([1, 0])
})

test('[CN2] a link that throws in close is told, and closed all the same', () => {
  const { client, told, environment } = givenConnected({ close: throwIt })
  client.close()

  expect(client.state).toEqual({ status: 'closed' })
  expect(told.errors).toMatchObject([{ code: 'lost', message: 'link.close threw.', cause: thrown }])
  expect(environment.held).toBe(0)
})

test('[CN12] a link that throws in close is replaced all the same', () => {
  const { client, transport, link } = givenConnected({ close: throwIt })
  client.reconnect()
  link().observer.opened()

  expect(transport.links).toHaveLength(2)
  expect(client.state.status).toBe('open')
})

test('[CN6] a link that calls connect() while it is closed makes one link', () => {
  const all = givenConnected({
    close(link) {
      if (link === all.transport.links[0]) all.client.connect()
    },
  })
  all.client.close()

  expect(all.client.state.status).toBe('connecting')
  expect(all.transport.links.map(({ closings }) => closings)).toEqual([1, 0])
})

test.each(['lost', undefined, null, 42])('[TR5] an end that is reported as %s is an error of ours', (reported) => {
  const { client, link } = givenConnected()
  link().observer.ended(reported as never)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost' } })
})

test('[SQ1] a link that has no `send`, of a transport that says it can, leaves messages in the queue', () => {
  let opened = () => {}
  const client = createClient({
    name: 'mute',
    duplex: true,
    open(_, observer) {
      opened = () => observer.opened()
      return { close() {} } as never
    },
  })
  client.connect()
  client.send('chat', 1)
  opened()

  expect(client.send('chat', 2)).toBe('queued')
  expect(client.bufferedAmount).toBeGreaterThan(0)
})

test('[TR5] a transport without a link is a failed try, not an exception', () => {
  const broken: DuplexTransport = { ...rawTransport(), open: () => undefined as never }
  const { client } = over(broken)
  client.connect()
  client.reconnect()
  client.close()

  expect(client.state.status).toBe('closed')
})
