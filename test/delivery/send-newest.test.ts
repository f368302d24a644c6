import { expect, test } from 'vitest'
import { sendNewest } from '../../docs/recipes/send-newest.ts'
import { givenConnecting, givenOpen, payloads, say } from '../circumstances.ts'

test('the next goes out when the last was taken, and only the newest of what came meanwhile', () => {
  const { client, link } = givenOpen()
  const moveTo = sendNewest(client, 'cursor')
  for (const n of [1, 2, 3]) moveTo(n)
  expect(payloads(link().sent)).toEqual([1])
  say(link(), 'cursor-taken')

  expect(payloads(link().sent)).toEqual([1, 3])
})

test('when all was taken nothing more is sent, and what comes next at once', () => {
  const { client, link } = givenOpen()
  const moveTo = sendNewest(client, 'cursor')
  moveTo(1)
  say(link(), 'cursor-taken')
  expect(payloads(link().sent)).toEqual([1])
  moveTo(2)

  expect(payloads(link().sent)).toEqual([1, 2])
})

test('before the link is open nothing is queued but the newest', () => {
  const { client, link } = givenConnecting()
  const moveTo = sendNewest(client, 'cursor')
  for (const n of [1, 2]) moveTo(n)
  link().open()

  expect(payloads(link().sent)).toEqual([2])
})

test('what a lost link has not answered goes out again on the next', async () => {
  const { client, environment, link } = givenOpen()
  const moveTo = sendNewest(client, 'cursor')
  moveTo(1)
  link().end()
  await environment.advance(600)
  link().open()

  expect(payloads(link().sent)).toEqual([1])
})

test('what is newer takes the place of what a lost link has not answered', async () => {
  const { client, environment, link } = givenOpen()
  const moveTo = sendNewest(client, 'cursor')
  moveTo(1)
  link().end()
  moveTo(2)
  await environment.advance(600)
  link().open()
  say(link(), 'cursor-taken')

  expect(payloads(link().sent)).toEqual([2])
})

test('what cannot be written does not hold up the next', () => {
  const { client, link } = givenOpen()
  const moveTo = sendNewest(client, 'cursor')
  expect(() => moveTo(1n)).toThrow()
  moveTo(2)

  expect(payloads(link().sent)).toEqual([2])
})
