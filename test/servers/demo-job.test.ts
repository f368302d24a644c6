import { expect, onTestFinished, test } from 'vitest'
import { createJob, findJob, progressAt } from '../../docs/demo/job.ts'
import { startDemo } from '../../docs/demo/server.ts'
import { readEvents, type SseEvent } from '../../src/sse/index.ts'

test('a job tells every step once and in order, and then its result', async () => {
  const { start, follow } = await givenDemo()
  const events = await follow(await start(20))

  expect(events.map(({ id }) => Number(id))).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
  expect(events.map(({ event }) => event)).toEqual([...Array(20).fill('progress'), 'completed'])
  expect(JSON.parse(events[19]?.data ?? '')).toMatchObject({ percent: 100, step: 20, crates: 20 })
})

test('a job of another process goes on after the last id', async () => {
  const { follow } = await givenDemo()
  const events = await follow('1000-60', '57')

  expect(events.map(({ id }) => id)).toEqual(['58', '59', '60', '61'])
})

test('whoever has had the end is told not to come back', async () => {
  const { get } = await givenDemo()

  expect((await get('1000-20', '21')).status).toBe(204)
})

test.each(['x', '1000-21', `${Date.now() + 86_400_000}-20`])('there is no job %j', async (name) => {
  const { get } = await givenDemo()

  expect((await get(name)).status).toBe(404)
})

test.each([{}, { crates: 21 }, { crates: '20' }])('%j starts no job', async (body) => {
  const { post } = await givenDemo()

  expect((await post(body)).status).toBe(400)
})

test('a page of another origin may start none', async () => {
  const { post } = await givenDemo()

  expect((await post({ crates: 20 }, { origin: 'http://example.com' })).status).toBe(403)
})

test('a job is known by its name, and its stages follow each other to the end', () => {
  const job = createJob(20, 1000)
  const stages = Array.from({ length: 20 }, (_, index) => progressAt(job, index + 1).stage)

  expect(findJob(job.name, 1000)).toEqual(job)
  expect([...new Set(stages)]).toEqual(['Unloading', 'Weighing', 'Sorting', 'Packing in ice', 'Loading the van'])
})

async function givenDemo() {
  const demo = await startDemo({ jobInterval: 1 })
  onTestFinished(() => demo.close())
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${demo.url}jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const start = async (crates: number): Promise<string> => (await (await post({ crates })).json()).name
  const get = (name: string, lastId = '') =>
    fetch(`${demo.url}jobs/${name}`, { headers: lastId === '' ? {} : { 'last-event-id': lastId } })
  const follow = async (name: string, lastId?: string) => {
    const events: SseEvent[] = []
    for await (const event of readEvents(await get(name, lastId))) events.push(event)
    return events
  }
  return { post, start, get, follow }
}
