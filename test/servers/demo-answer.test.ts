import { expect, onTestFinished, test } from 'vitest'
import { answerTo } from '../../docs/demo/model.ts'
import { startDemo } from '../../docs/demo/server.ts'
import { readEvents, type SseEvent } from '../../src/sse/index.ts'

const question = 'What is new?'
const tokens = answerTo(question)

test('an answer that was begun long ago comes at once, from the token after the last one', async () => {
  const { ask } = await givenDemo()
  const events = await ask({ 'last-event-id': '1-5' })

  expect(events.slice(0, -1)).toEqual(
    tokens.slice(5).map((token, index) => ({ event: 'token', data: JSON.stringify(token), id: `1-${index + 6}` })),
  )
  expect(events.at(-1)).toMatchObject({ event: 'done', id: `1-${tokens.length + 1}` })
})

test('whoever has had all of it is told not to come back', async () => {
  const { send } = await givenDemo()
  const { status } = await send({ 'last-event-id': `1-${tokens.length + 1}` })

  expect(status).toBe(204)
})

test.each(['0', '-1', `${Date.now() + 86_400_000}-3`, 'x-1'])('with the foreign id %j it begins anew', async (id) => {
  const { ask } = await givenDemo()
  const events = await ask({ 'last-event-id': id })

  expect(events).toHaveLength(tokens.length + 1)
})

test('a page of another origin may not ask', async () => {
  const { send } = await givenDemo()
  const { status } = await send({ origin: 'http://example.com' })

  expect(status).toBe(403)
})

test.each(['', '{', '{}', '{"question":1}', `{"question":"${'x'.repeat(501)}"}`])('%j is no question', async (body) => {
  const { send } = await givenDemo()
  const { status } = await send({}, body)

  expect(status).toBe(400)
})

async function givenDemo() {
  const demo = await startDemo({ tokenInterval: 1 })
  onTestFinished(() => demo.close())
  const send = (headers: Record<string, string>, body = JSON.stringify({ question })) =>
    fetch(`${demo.url}answer`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  const ask = async (headers: Record<string, string>) => {
    const events: SseEvent[] = []
    for await (const event of readEvents(await send(headers))) events.push(event)
    return events
  }
  return { send, ask }
}
