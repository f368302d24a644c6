import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { pourPoints, readGaugeFrame } from '../../docs/demo/gauge-points.ts'
import { medianOf } from '../../docs/demo/pages/receiving-run.js'
import { createSlices } from '../../docs/demo/pages/slices.js'
import { startDemo } from '../../docs/demo/server.ts'

interface Point {
  readonly number: number
  readonly gauge: number
  readonly time: number
}

test('as many points come as were asked for, numbered and with the time at which each was due', () => {
  const { guest, points } = givenDashboard()
  vi.advanceTimersByTime(1000)
  expect(points).toEqual([])

  guest.receive({ type: 'rate', perSecond: 2000 })
  vi.advanceTimersByTime(1000)

  expect(points.map(({ number }) => number)).toEqual(points.map((_, index) => index))
  expect(points).toHaveLength(2000)
  expect((points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0)).toBeCloseTo(999.5)
})

test('a pause leaves nothing out, and costs nothing', () => {
  const { guest, points } = givenDashboard()
  guest.receive({ type: 'rate', perSecond: 1000 })
  vi.advanceTimersByTime(100)
  guest.receive({ type: 'pause' })
  guest.receive({ type: 'rate', perSecond: 500 })
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(5000)
  guest.receive({ type: 'resume' })
  vi.advanceTimersByTime(100)

  expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 150 }, (_, number) => number))
})

test('a page that does not keep up is not sent more, and the numbers tell how many it missed', () => {
  const { guest, line, points } = givenDashboard()
  guest.receive({ type: 'rate', perSecond: 1000 })
  vi.advanceTimersByTime(100)
  line.unsent = 1_000_000
  vi.advanceTimersByTime(1000)
  expect(points).toHaveLength(100)
  line.unsent = 0
  vi.advanceTimersByTime(10)

  expect(points.at(100)?.number).toBe(1100)
})

test('nothing is left of a page that has gone', () => {
  const { guest } = givenDashboard()
  guest.receive({ type: 'rate', perSecond: 1000 })
  guest.leave()
  guest.receive({ type: 'resume' })

  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  '',
  '{"type":"rate"}',
  '{"type":"rate","data":{"perSecond":0}}',
  '{"type":"rate","data":{"perSecond":20001}}',
  '{"type":"rate","data":{"perSecond":"500"}}',
  '{"type":"rate","data":{"perSecond":1.5}}',
  '{"type":"constructor"}',
])('%s is no frame of the dashboard', (raw) => {
  expect(readGaugeFrame(raw)).toBeUndefined()
})

test('slices keep the least, the mean and the most of ten seconds', () => {
  const slices = createSlices(1)
  slices.add(0, 1, 50_000)
  slices.add(0, 40, 55_000)
  slices.add(0, 60, 55_001)
  slices.add(0, 500, 39_000)
  slices.add(3, 500, 55_000)
  expect(slices.summaries()).toEqual([{ now: 60, least: 1, most: 60, sum: 101, count: 3 }])

  slices.add(0, 50, 64_000)
  const [, means, least, most] = slices.toData()
  expect(means?.filter((value) => value !== null)).toEqual([50, 50])
  expect([least?.filter((value) => value !== null), most?.filter((value) => value !== null)]).toEqual([
    [40, 50],
    [60, 50],
  ])
})

test('the median of an even number of runs lies between the two in the middle', () => {
  expect([medianOf([9, 1, 5]), medianOf([4, 1, 2, 9])]).toEqual([5, 3])
})

test.each(['', '?count=', '?count=7', '?count=1e3', '?count=100000'])(
  'the comparison sends nothing for %j',
  async (query) => {
    const demo = await startDemo()
    onTestFinished(() => demo.close())
    expect((await fetch(`${demo.url}compare${query}`)).status).toBe(400)

    const socket = new WebSocket(`${demo.url.replace('http', 'ws')}compare${query}`)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    expect(await closed).toBe(1008)
  },
)

test.each(['together', 'game', 'dashboard'])('%s survives whatever a socket says', async (path) => {
  const demo = await startDemo()
  onTestFinished(() => demo.close())
  const socket = new WebSocket(`${demo.url.replace('http', 'ws')}${path}`)
  const answered = new Promise((resolve) => {
    socket.on('message', (data) => {
      if (String(data).startsWith('{"type":"pong"')) resolve('alive')
    })
  })
  socket.on('open', () => {
    for (const frame of ['', '{', '[]', 'null', '{"type":"edit","data":null}', '{"type":{}}', '"'.repeat(60_000)])
      socket.send(frame)
    socket.send(Buffer.from([0, 255, 254]))
    socket.send('{"type":"ping"}')
  })

  expect(await answered).toBe('alive')
  const closed = new Promise((settle) => socket.on('close', settle))
  socket.send('x'.repeat(200_000))
  expect(await closed).toBe(1009)
})

function givenDashboard() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const points: Point[] = []
  const line = {
    unsent: 0,
    send: (type: string, data: unknown) => {
      if (type === 'point') points.push(data as Point)
    },
  }
  const guest = pourPoints(line)
  onTestFinished(() => guest.leave())
  return { guest, line, points }
}
