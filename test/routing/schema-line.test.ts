import { expect, test } from 'vitest'
import { say } from '../circumstances.ts'
import { givenLine } from './given-line.ts'
import { reading, settled } from './reading.ts'
import { schema, slowSchema } from './schemas.ts'

test('[RT7] a message is delivered when its validator has said so', async () => {
  const { link, question, heard } = givenLine()
  say(link(), 'slow', 1)
  await settled()
  expect(heard).toEqual([])
  question(0).accept('made of 1')
  await settled()

  expect(heard).toEqual(['made of 1'])
})

test('[RT7] a message that its validator rejects later is told then, and delivered to nobody', async () => {
  const { link, question, told, heard } = givenLine()
  say(link(), 'slow', 1)
  await settled()
  expect(told.errors).toEqual([])
  question(0).reject()
  await settled()

  expect(heard).toEqual(['invalid'])
})

test('[RT7] validators run at once, and their messages are delivered in the order of arrival', async () => {
  const { link, question, heard } = givenLine()
  for (const data of [1, 2, 3]) say(link(), 'slow', data)
  question(2).accept()
  await settled()
  expect(heard).toEqual([])
  question(0).accept()
  await settled()
  expect(heard).toEqual([1])
  question(1).accept()
  await settled()

  expect(heard).toEqual([1, 2, 3])
})

test('[RT7] what needs no validator, or a fast one, waits behind a slow one', async () => {
  const { link, question, heard } = givenLine()
  say(link(), 'free', 1)
  say(link(), 'slow', 2)
  say(link(), 'free', 3)
  say(link(), 'number', 4)
  say(link(), 'written', 5)
  say(link(), 'slow', 6)
  say(link(), 'free', 7)
  question(1).accept()
  await settled()
  expect(heard).toEqual([1])
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 2, 3, 4, 'written 5', 6, 7])
})

test('[RT7] rejections have their place in the line', async () => {
  const { link, question, heard } = givenLine()
  say(link(), 'slow', 1)
  say(link(), 'number', 'no number')
  say(link(), 'slow', 3)
  say(link(), 'free', 4)
  question(1).reject()
  await settled()
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 'invalid', 'invalid', 4])
})

test('[RT7] a frame that cannot be read is told once, and disturbs no order', async () => {
  const { link, question, told, heard } = givenLine()
  say(link(), 'slow', 1)
  link().receive('{')
  say(link(), 'free', 2)
  say(link(), 'slow', 3)
  question(1).accept()
  question(0).accept()
  await settled()

  expect(heard.filter((one) => one !== 'decode')).toEqual([1, 2, 3])
  expect(told.codes).toEqual(['decode'])
})

test('[RT7] many validators of different speed keep the order', async () => {
  const delays = [5, 0, 9, 2, 7, 0, 1, 3]
  const paced = schema(async (value) => {
    for (let hops = delays[Number(value) % delays.length] ?? 0; hops > 0; hops -= 1) await undefined
    return { value }
  })
  const { link, heard } = givenLine({ schemas: { paced } })
  const sent = Array.from({ length: 200 }, (_, index) => index)
  for (const data of sent) {
    say(link(), data % 3 ? 'paced' : 'free', data)
    if (data % 7 === 0) await undefined
  }
  await settled()

  expect(heard).toEqual(sent)
})

test('[RT7] once the line is empty, what needs no waiting is delivered at once', async () => {
  const { link, question, heard } = givenLine()
  say(link(), 'slow', 1)
  question(0).accept()
  await settled()
  say(link(), 'free', 2)

  expect(heard).toEqual([1, 2])
})

test('[RT7] listeners, onAny and iterators hear in the same order, whoever waits', async () => {
  const { client, link, question } = givenLine()
  const order: string[] = []
  reading(client.events('slow'), (data) => order.push(`loop ${data}`))
  reading(client.events('free'), (data) => order.push(`loop ${data}`))
  client.onAny((data) => order.push(`any ${data}`))
  client.on('slow', (data) => order.push(`on ${data}`))
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  question(0).accept()
  await settled()

  expect(order.filter((one) => one.startsWith('loop'))).toEqual(['loop 1', 'loop 2'])
  expect(order.filter((one) => !one.startsWith('loop'))).toEqual(['on 1', 'any 1', 'any 2'])
})

test('[RT7] a validator that rejects its promise has rejected, and the line goes on', async () => {
  const cause = new Error('the database is gone')
  const { link, question, told, heard } = givenLine()
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  question(0).fail(cause)
  await settled()

  expect(heard).toEqual(['invalid', 2])
  expect(told.errors[0]?.cause).toEqual([cause])
})

test.each([true, false, 7, 'fine', []])(
  '[RT7] a payload whose validator resolves with %o goes to no listener',
  async (garbage) => {
    const { link, heard } = givenLine({ schemas: { price: schema(async () => garbage) } })
    say(link(), 'price', 7)
    say(link(), 'free', 8)
    await settled()

    expect(heard).toEqual(['invalid', 8])
  },
)

test('[RT7] a validator that throws while others wait has its place in the line', async () => {
  const cause = new Error('a bug')
  const throwing = schema(() => {
    throw cause
  })
  const { slow, question } = slowSchema()
  const { link, heard } = givenLine({ schemas: { slow, throwing } })
  say(link(), 'slow', 1)
  say(link(), 'throwing', 2)
  say(link(), 'free', 3)
  question(0).accept()
  await settled()

  expect(heard).toEqual([1, 'invalid', 3])
})

test('[RT7] a promise of any make will do', async () => {
  const { slow, question } = slowSchema()
  const foreign = schema((value) => {
    const answer = slow['~standard'].validate(value) as Promise<unknown>
    // biome-ignore lint/suspicious/noThenProperty: this is what a promise of another library is
    return { then: (...both: Parameters<typeof answer.then>) => void answer.then(...both) }
  })
  const { link, heard } = givenLine({ schemas: { foreign } })
  say(link(), 'foreign', 1)
  say(link(), 'free', 2)
  expect(heard).toEqual([])
  question(0).accept('made')
  await settled()

  expect(heard).toEqual(['made', 2])
})

test('[RT7][RT1] a listener that throws on what had to wait is no fault of the schema, and the line goes on', async () => {
  const { client, link, question, told, heard } = givenLine()
  client.on('slow', () => {
    throw new Error('a bug of the user')
  })
  say(link(), 'slow', 1)
  say(link(), 'free', 2)
  question(0).accept()
  await settled()

  expect(told.codes).toEqual(['listener'])
  expect(heard).toContain(2)
})

test('[RT7][RS1] lastEventId moves when a message arrives, not when it is delivered', async () => {
  const { client, link, question } = givenLine()
  const ids: unknown[] = []
  client.on('slow', (_, { id }) => ids.push([id, client.lastEventId]))
  say(link(), 'slow', 1, '41')
  say(link(), 'slow', 2, '42')
  expect(client.lastEventId).toBe('42')
  question(0).accept()
  await settled()

  expect(ids).toEqual([['41', '42']])
})

test('[RT7] a message that had to wait tells when it arrived', async () => {
  const { client, link, environment, question } = givenLine()
  const times: number[] = []
  client.on('slow', (_, { receivedAt }) => times.push(receivedAt))
  const arrival = environment.now()
  say(link(), 'slow', 1)
  await environment.advance(1000)
  question(0).accept()
  await settled()

  expect(times).toEqual([arrival])
})

test('[RT7] once counts what is delivered, in a line too', async () => {
  const { client, link, question } = givenLine()
  const heard: unknown[] = []
  client.on('slow', (data) => heard.push(data), { once: true })
  for (const data of [1, 2, 3]) say(link(), 'slow', data)
  question(0).reject()
  question(1).accept()
  question(2).accept()
  await settled()

  expect(heard).toEqual([2])
})
