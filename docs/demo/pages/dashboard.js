/**
 * The dashboard: every point is a message of its own, several thousand a second. `fold` takes each of them at once and publishes at
 * most once per frame of the screen; only then something is drawn.
 */
import { createClient, webSocket } from 'holdfast'
import { fold } from 'holdfast/store'
import { byPing, createConnectionBar } from './connection-bar.js'
import { createLineChart } from './line-chart.js'
import { createSlices } from './slices.js'

const gauges = [
  { label: 'Tide', colour: '--chart-0', band: true },
  { label: 'Wind', colour: '--chart-1', band: true, dash: [12, 4] },
  { label: 'Swell', colour: '--chart-2', band: true, dash: [3, 3] },
]
const shownSeconds = 60

const find = (id) => document.getElementById(id)

// The address may choose another rate, as in `dashboard.html?rate=500`.
const asked = new URLSearchParams(location.search).get('rate')
if ([...find('rate').options].some(({ value }) => value === asked)) find('rate').value = asked
let perSecond = Number(find('rate').value)
let isPaused = false
let draws = 0

const client = createClient(webSocket('/dashboard'), {
  // The server remembers nothing from the connection before: it has to hear of rate and pause again.
  handshake({ send }) {
    send('rate', { perSecond })
    if (isPaused) send('pause')
  },
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
})

/** Changed in place, and so beside the fold: a copy for every point would cost more than all the rest. */
const slices = createSlices(gauges.length)
client.on('point', ({ gauge, value, time }) => slices.add(gauge, value, time))

const counts = fold(
  client,
  'point',
  ({ points, missed, last }, { number }) => {
    // Numbers begin anew with every connection. Those that are missing within one were left out by the server.
    const leftOut = last === undefined || number <= last ? 0 : number - last - 1
    return { points: points + 1, missed: missed + leftOut, last: number }
  },
  { points: 0, missed: 0, last: undefined },
  { batch: 'frame' },
)

const readingsChart = createLineChart(find('readings'), {
  lines: gauges,
  x: { range: [-10, 0] },
  y: { range: [0, 100] },
  axes: { x: 'seconds', y: 'per cent' },
})
const paceChart = createLineChart(find('pace'), {
  lines: [{ label: 'Frames a second', colour: '--chart-0' }],
  x: { range: [-shownSeconds, 0] },
  y: { range: (_chart, _least, most) => [0, Math.max(60, Math.ceil((most || 0) / 20) * 20)] },
  axes: { x: 'seconds', y: 'frames' },
  height: 160,
})

function draw() {
  if (isPaused) return
  draws += 1
  readingsChart.show(slices.toData())
}

counts.subscribe(draw)

find('pause').addEventListener('click', () => {
  isPaused = !isPaused
  find('pause').textContent = isPaused ? 'Resume' : 'Pause'
  // Points that are under way still come in. They are folded, though not drawn: otherwise they would count as left out.
  if (client.state.status === 'open') client.send(isPaused ? 'pause' : 'resume')
})

find('rate').addEventListener('change', () => {
  perSecond = Number(find('rate').value)
  if (client.state.status === 'open') client.send('rate', { perSecond })
})

let frames = 0
function countFrame() {
  frames += 1
  requestAnimationFrame(countFrame)
}

const pace = Array.from({ length: shownSeconds }, () => null)
let before = { at: performance.now(), points: 0, frames: 0 }
function showNumbers() {
  const { points, missed } = counts.getSnapshot()
  const now = { at: performance.now(), points, frames }
  const seconds = (now.at - before.at) / 1000
  const framesRate = Math.round((now.frames - before.frames) / seconds)
  find('points-rate').textContent = Math.round((now.points - before.points) / seconds).toLocaleString('en')
  find('frames-rate').textContent = framesRate
  find('points').textContent = points.toLocaleString('en')
  find('draws').textContent = draws.toLocaleString('en')
  find('missed').textContent = missed.toLocaleString('en')
  before = now

  pace.push(framesRate)
  pace.shift()
  paceChart.show([pace.map((_, index) => index + 1 - shownSeconds), pace])
  showTable(slices.summaries())
}

function showTable(summaries) {
  const rows = summaries.map(({ now, least, most, sum, count }, index) => {
    const row = document.createElement('tr')
    const head = document.createElement('th')
    head.scope = 'row'
    head.textContent = gauges[index].label
    const cells = count > 0 ? [now, least, sum / count, most].map((value) => value.toFixed(1)) : ['–', '–', '–', '–']
    row.append(head, ...cells.map(createCell))
    return row
  })
  find('readings-table').tBodies[0].replaceChildren(...rows)
}

function createCell(text) {
  const cell = document.createElement('td')
  cell.textContent = text
  return cell
}

createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPing(client) })
showTable(slices.summaries())
setInterval(showNumbers, 1000)
requestAnimationFrame(countFrame)
client.connect()
