import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { followJob, type JobEvents } from '../../docs/recipes/follow-job.ts'
import { serveJob } from '../../docs/recipes/server/serve-job.ts'
import type { RealtimeClient } from '../../src/index.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

test('[RS2] a page that is loaded again goes on after the last event of the page before', async () => {
  const { job, load, requests } = await givenJob()
  const before = load()
  before.connect()
  for (const percent of [10, 20]) job.tell('progress', { percent })
  await until('both', () => before.shown.length === 2)
  before.leave()

  job.tell('progress', { percent: 30 })
  const after = load()
  after.connect()
  job.tell('progress', { percent: 40 })
  await until('what was missed', () => after.shown.length === 2)

  expect(before.shown).toEqual([10, 20])
  expect(after.shown).toEqual([30, 40])
  expect(requests.map((headers) => headers['last-event-id'])).toEqual([undefined, '2'])
})

test('[RS2] a link that is cut in the middle is opened again after the last event, and nothing is missing or double', async () => {
  const { job, load, requests, cut } = await givenJob()
  const page = load()
  page.connect()
  for (const percent of [10, 20, 30]) job.tell('progress', { percent })
  await until('three', () => page.shown.length === 3)
  cut()
  for (const percent of [40, 50]) job.tell('progress', { percent })
  await until('the rest', () => page.shown.length === 5)

  expect(page.shown).toEqual([10, 20, 30, 40, 50])
  expect(requests.map((headers) => headers['last-event-id'])).toEqual([undefined, '3'])
  expect(page.told.codes).toEqual(['lost'])
})

test('on `completed` the client closes itself, in the middle of what came with it, and asks no more', async () => {
  const { job, load, requests } = await givenJob()
  const page = load()
  page.connect()
  job.tell('progress', { percent: 10 })
  job.tell('completed', { result: 'r' })
  await until('the end', () => page.client.state.status === 'closed')

  expect(page.shown).toEqual([10, 'r'])
  expect(page.client.state).toEqual({ status: 'closed' })
  expect(page.told.codes).toEqual([])
  expect(requests).toHaveLength(1)
})

test('a page that comes when all is over gets all of it, in one answer, and closes', async () => {
  const { job, load, requests } = await givenJob()
  job.tell('progress', { percent: 10 })
  job.tell('completed', { result: 'r' })
  const page = load()
  page.connect()
  await until('the end', () => page.client.state.status === 'closed')

  expect(page.shown).toEqual([10, 'r'])
  expect(page.told.codes).toEqual([])
  expect(requests).toHaveLength(1)
})

test('a page that has had the end is answered with 204 when it is loaded again, and closes without another request', async () => {
  const { job, load, requests } = await givenJob()
  const before = load()
  before.connect()
  job.tell('completed', { result: 'r' })
  await until('the end', () => before.client.state.status === 'closed')
  const after = load()
  after.connect()
  await until('the answer', () => after.client.state.status === 'closed')

  expect(after.shown).toEqual([])
  expect(after.client.state).toMatchObject({ error: { code: 'ended', status: 204, retryable: false } })
  expect(requests).toHaveLength(2)
})

test('what comes late or twice is for those only who have not had it', async () => {
  const { job, load } = await givenJob()
  const first = load(new Map())
  first.connect()
  job.tell('progress', { percent: 10 })
  await until('the first', () => first.shown.length === 1)
  const second = load(new Map())
  second.connect()
  job.tell('progress', { percent: 20 })
  await until('both', () => first.shown.length === 2 && second.shown.length === 2)

  expect([first.shown, second.shown]).toEqual([
    [10, 20],
    [10, 20],
  ])
})

/** A server with the recipe for jobs. Pages share one storage, as one tab does, unless they are given another. */
async function givenJob() {
  const job = serveJob()
  const requests: IncomingHttpHeaders[] = []
  const responses: ServerResponse[] = []
  const { origin } = await startLiveServer(
    () => {},
    (request, response) => {
      requests.push(request.headers)
      responses.push(response)
      job.answer(request, response)
    },
  )
  const ownStorage = new Map<string, string>()
  const load = (storage = ownStorage) => {
    const client = followJob(`${origin}/jobs/1`, {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
    })
    return { client, ...showing(client), connect: () => client.connect() }
  }
  return { job, load, requests, cut: () => responses.at(-1)?.destroy() }
}

function showing(client: RealtimeClient<JobEvents>) {
  const told = listenTo(client)
  const shown: unknown[] = []
  client.on('progress', ({ percent }) => shown.push(percent))
  client.on('completed', ({ result }) => shown.push(result))
  const leave = () => client.close()
  onTestFinished(leave)
  return { told, shown, leave }
}
