import * as v from 'valibot'
import { expect, test } from 'vitest'
import { givenOpen, say } from '../circumstances.ts'
import { givenPosting } from '../transports/posting.ts'

test.fails('[UP2] withUpstream: "not before `Retry-After`" (JSDoc, docs/guides/upstream.md), an hour included', async () => {
  const { send, answer, posted, environment } = givenPosting()
  await send(1)
  await answer(503, { 'retry-after': '3600' })
  await environment.advance(3_599_000)

  expect(posted()).toEqual([1])
})

test.fails('[SQ3] volatile: "dropped when not open, or when more than 64 KiB still wait" (contract), and not behind one small POST', async () => {
  const { client, send } = givenPosting()
  await send(1)
  expect(client.state.status).toBe('open')

  expect(client.send('cursor', 2, { volatile: true })).not.toBe('dropped')
})

test.fails('[RT7] errors say what happened, "and never a URL, a token or a payload" (README)', () => {
  const { link, told } = givenOpen({ schemas: { a: v.object({ token: v.number() }) } })
  say(link(), 'a', { token: 'secret' })

  expect(JSON.stringify(told.errors[0]?.cause)).not.toContain('secret')
})
