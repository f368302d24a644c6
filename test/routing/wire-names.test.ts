import { expect, test } from 'vitest'
import type { Codec } from '../../src/codec.ts'
import { givenOpen } from '../circumstances.ts'

/** The shortest codec that anybody writes; TypeScript has nothing against it. */
const plain: Codec = { decode: ({ data }) => JSON.parse(data as string), encode: (message) => JSON.stringify(message) }

test('[RT2][CD2] what the wire calls 1 does not reach the state listeners', () => {
  const { link, told } = givenOpen({ codec: plain })
  const before = told.states.length
  link().receive('{"event":1,"data":{"status":"closed"}}')

  expect(told.states.slice(before)).toEqual([])
})

test('[RT2][CD2] what the wire calls 2 does not reach the error listeners as it is', () => {
  const { link, told } = givenOpen({ codec: plain })
  link().receive('{"event":2,"data":{"code":"unauthorized"}}')

  expect(told.errors.every((error) => error instanceof Error)).toBe(true)
})

test('[RT2][CD2] what the wire calls 3 does not end iterators', async () => {
  const { client, link } = givenOpen({ codec: plain })
  const iterator = client.events('a')
  link().receive('{"event":3,"data":{"status":"closed"}}')
  link().receive('{"event":"a","data":1}')

  expect(await iterator.next()).toEqual({ done: false, value: 1 })
})

test('[RT2][CD2] a message without a name does not reach whoever was told last', () => {
  const { client, link } = givenOpen({ codec: plain })
  const heard: unknown[] = []
  client.on('a', (data) => heard.push(data))
  link().receive('{"event":"a","data":1}')
  client.on('b', () => {})
  link().receive('{"data":"nobody\'s"}')

  expect(heard).toEqual([1])
})
