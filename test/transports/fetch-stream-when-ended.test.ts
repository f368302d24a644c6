import { expect, test } from 'vitest'
import type { EndPolicy } from '../../src/transport.ts'
import { givenAsked } from './streaming.ts'

const page = { 'content-type': 'text/html' }

/** What the policy hears, and what the client does when it gives this answer to everything. */
async function givenPolicy(verdict: ReturnType<EndPolicy>) {
  const heard: unknown[] = []
  const whenEnded: EndPolicy = ({ status, closeCode, closeReason }) => {
    heard.push({ status, closeCode, closeReason })
    return verdict
  }
  return { heard, ...(await givenAsked({ whenEnded })) }
}

const statuses = [204, 301, 400, 401, 403, 404, 408, 425, 429, 500, 503]

test.each(statuses)("[FS2] 'retry' tries %d again after a wait", async (status) => {
  const { client, answer, heard } = await givenPolicy('retry')
  await answer(status)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable', status, retryable: true } })
  expect(heard).toEqual([{ status }])
})

test.each(statuses)("[FS2] 'stop' closes with 'ended' after %d", async (status) => {
  const { client, answer } = await givenPolicy('stop')
  await answer(status)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'ended', status } })
})

test.each(statuses)("[FS2] 'reauthorize' asks once for fresh credentials after %d", async (status) => {
  const { client, answer, requests } = await givenPolicy('reauthorize')
  await answer(status)
  expect(requests).toHaveLength(2)
  await answer(status)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'unauthorized', status } })
})

test('[FS2] `undefined` leaves it to the defaults', async () => {
  const { client, answer } = await givenPolicy(undefined)
  await answer(404)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'refused' } })
})

test("[FS2] 'retry' tries a page instead of a stream again", async () => {
  const { client, answer, heard } = await givenPolicy('retry')
  await answer(200, page)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'unreachable', status: 200 } })
  expect(heard).toEqual([{ status: 200 }])
})

test("[FS5] 'stop' closes at the end of a stream, which has status 200", async () => {
  const { client, answer, end, heard } = await givenPolicy('stop')
  await answer()
  await end()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'ended', status: 200 } })
  expect(heard).toEqual([{ status: 200 }])
})

test("[FS5] 'stop' closes when a stream breaks off, which has status 200", async () => {
  const { client, answer, fail, heard } = await givenPolicy('stop')
  await answer()
  await fail()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'ended', status: 200 } })
  expect(heard).toEqual([{ status: 200 }])
})

test("[FS2] 'stop' closes after a request without an answer, which has no status", async () => {
  const { client, fail, heard } = await givenPolicy('stop')
  await fail()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'ended' } })
  expect(heard).toEqual([{}])
})

test("one that throws closes with 'invalid-config'", async () => {
  const cause = new Error('a bug')
  const { client, answer } = await givenAsked({
    whenEnded() {
      throw cause
    },
  })
  await answer(503)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config', cause } })
})

test.each([
  ['a promise', async () => 'stop'],
  ['true', () => true],
  ['another word', () => 'Retry'],
])("one that answers with %s closes with 'invalid-config'", async (_, whenEnded) => {
  const { client, answer } = await givenAsked({ whenEnded: whenEnded as never })
  await answer(404)

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'invalid-config' } })
})

test('[TR2] one that closes the client is not followed by an error', async () => {
  const { client, answer, errors } = await givenAsked({
    whenEnded() {
      client.close()
      return 'retry'
    },
  })
  await answer(503)

  expect(client.state).toEqual({ status: 'closed' })
  expect(errors).toEqual([])
})

test.each(['open', 'asked'])('[TR3] it is not asked about a link that was closed while %s', async (when) => {
  const { client, answer, heard, environment } = await givenPolicy('retry')
  if (when === 'open') await answer()
  client.close()
  await environment.advance(0)

  expect(heard).toEqual([])
})
