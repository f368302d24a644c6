import { expect, test } from 'vitest'
import { fetchWithReason } from '../../docs/recipes/fetch-with-reason.ts'
import { until } from '../contract/until.ts'
import { connectTo, startStreams, stream } from './streamed.ts'

test.each([
  ['{"message":"Too long."}', 'Too long.'],
  ['<p>No', 'refused'],
  ['null', 'refused'],
  ['{"message":null}', 'refused'],
])('a refusal with the body %s has the message %s', async (body, message) => {
  const server = await startStreams(({ response }) => response.writeHead(400).end(body))
  const { client } = connectTo(server.origin, { fetch: fetchWithReason })
  await until('the end', () => client.state.status === 'closed')

  expect(client.state).toMatchObject({ error: { code: 'refused', message, status: 400 } })
  expect(server.asked).toHaveLength(1)
})

test('what is not refused is read as ever', async () => {
  const server = await startStreams((asked) => stream(asked, 'data: x\n\n'))
  const { messages } = connectTo(server.origin, { fetch: fetchWithReason })

  await until('a message', () => messages.length > 0)
})
