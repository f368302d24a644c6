import { expect, test } from 'vitest'
import { givenAsked, givenStream } from './streaming.ts'

test("[FS5] the end of a stream is 'lost', and the stream is asked for again", async () => {
  const { client, end, environment, request, requests } = await givenStream()
  await end()
  expect(client.state).toMatchObject({
    status: 'waiting',
    error: { code: 'lost', status: 200, retryable: true },
  })
  await environment.advance(600)
  request().answer()
  await environment.advance(0)

  expect(requests).toHaveLength(2)
  expect(client.state.status).toBe('open')
})

test('[FS5] the end of a stream that was asked for with a body has a hint at readEvents, which is for one answer', async () => {
  const { client, send, end } = await givenStream({ body: '{}' })
  await send('data: 1\n\n')
  await end()

  expect(client.state).toMatchObject({ error: { code: 'lost', hint: expect.stringContaining('readEvents') } })
})

test('[FS5] a stream with a body that breaks off has that hint, too, and says that the stream failed and not the request', async () => {
  const { client, fail, send } = await givenStream({ body: '{}' })
  await send('data: 1\n\n')
  await fail(new TypeError('network error'))

  expect(client.state).toMatchObject({
    error: { code: 'lost', message: 'The stream threw.', hint: expect.stringContaining('readEvents') },
  })
})

test('[FS5] where the policy ends a stream with a body, the hint does not say that it is asked for again', async () => {
  const { client, send, end, requests } = await givenStream({ body: '{}', whenEnded: () => 'stop' })
  await send('data: 1\n\n')
  await end()

  expect(client.state).toMatchObject({ error: { code: 'ended', hint: expect.not.stringMatching(/again/i) } })
  expect(requests).toHaveLength(1)
})

test("[FS5] a stream that breaks off is 'lost' as well, with what the platform says as cause", async () => {
  const cause = new TypeError('network error')
  const { client, fail } = await givenStream()
  await fail(cause)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'lost', status: 200, cause } })
})

test('[FS18] a clean end soon after opening counts as a failed try: each wait is twice the one before', async () => {
  const { answer, end, environment, wait } = await givenAsked()
  const waits: number[] = []
  for (let count = 0; count < 4; count += 1) {
    await answer()
    await end()
    waits.push(wait())
    await environment.advance(wait())
  }

  expect(waits).toEqual([600, 1200, 2400, 4800])
})

test('[FS18] a clean end a while after opening starts the count anew', async () => {
  const { answer, end, environment, wait, client } = await givenAsked()
  for (let count = 0; count < 3; count += 1) {
    await answer()
    await end()
    await environment.advance(wait())
  }
  await answer()
  await environment.advance(5000)
  await end()

  expect(wait()).toBe(600)
  expect(client.state).toMatchObject({ attempt: 1 })
})

test('[FS18] maxAttempts clean ends soon after opening, in a row, close the client', async () => {
  const { answer, end, environment, client } = await givenAsked({}, { reconnect: { maxAttempts: 2 } })
  await answer()
  await end()
  await environment.advance(600)
  await answer()
  await end()

  expect(client.state).toMatchObject({ status: 'closed', error: { code: 'lost' } })
})
