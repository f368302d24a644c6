/**
 * The comparison: the same numbered messages over three transports. The transports take turns, and each round begins with another
 * one, so that other work of the machine does not slow down one of them alone.
 */
import { eventSource, fetchStream, webSocket } from 'holdfast'
import { createConnectionBar } from './connection-bar.js'
import { createLineChart } from './line-chart.js'
import { measureRun, medianOf } from './receiving-run.js'

const counts = [100, 1000, 10_000]
const runs = 5
const transports = [
  { label: 'WebSocket', make: webSocket, colour: '--chart-0' },
  { label: 'EventSource', make: eventSource, colour: '--chart-1', dash: [12, 4] },
  { label: 'fetch', make: fetchStream, colour: '--chart-2', dash: [3, 3] },
]

const find = (id) => document.getElementById(id)

const chart = createLineChart(find('chart'), {
  lines: transports.map((line) => ({ ...line, points: true })),
  x: { distr: 3, range: () => [80, 12_500] },
  y: { distr: 3 },
  axes: {
    x: 'messages',
    y: 'milliseconds',
    xValues: (_chart, splits) => splits.map((value) => (counts.includes(value) ? value.toLocaleString('en') : null)),
  },
  height: 300,
})

async function measureAll() {
  for (const { make } of transports) await measureRun(make(`/compare?count=${counts[0]}`), counts[0])

  const results = new Map()
  for (let run = 0; run < runs; run += 1) {
    for (const count of counts) {
      for (let turn = 0; turn < transports.length; turn += 1) {
        const { label, make } = transports[(run + turn) % transports.length]
        find('progress').textContent = `Round ${run + 1} of ${runs}: ${count.toLocaleString('en')} messages.`
        const result = await measureRun(make(`/compare?count=${count}`), count)
        const all = results.get(`${label} ${count}`) ?? []
        results.set(`${label} ${count}`, [...all, result])
        // A pause, so that what this run has left behind is not cleared away during the next one.
        await new Promise(requestAnimationFrame)
      }
    }
  }
  return results
}

function showResults(results) {
  const rows = transports.flatMap(({ label }) =>
    counts.map((count) => {
      const measured = results.get(`${label} ${count}`)
      const times = measured.map(({ allAfter }) => allAfter)
      const median = medianOf(times)
      return createRow(label, [
        count.toLocaleString('en'),
        rounded(medianOf(measured.map(({ openAfter }) => openAfter))),
        rounded(median),
        `${rounded(Math.min(...times))} to ${rounded(Math.max(...times))}`,
        Math.round((count / median) * 1000).toLocaleString('en'),
      ])
    }),
  )
  find('results').tBodies[0].replaceChildren(...rows)

  const medians = transports.map(({ label }) =>
    counts.map((count) => medianOf(results.get(`${label} ${count}`).map(({ allAfter }) => allAfter))),
  )
  chart.show([counts, ...medians])
}

function rounded(milliseconds) {
  return milliseconds.toFixed(milliseconds < 100 ? 1 : 0)
}

function createRow(label, texts) {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = label
  row.append(head)
  for (const text of texts) {
    const cell = document.createElement('td')
    cell.textContent = text
    row.append(cell)
  }
  return row
}

find('run').addEventListener('click', async () => {
  // Not `disabled`, which would take the focus away.
  if (find('run').getAttribute('aria-disabled') === 'true') return
  find('run').setAttribute('aria-disabled', 'true')
  try {
    showResults(await measureAll())
    find('progress').textContent = 'Measured.'
  } catch (error) {
    find('progress').textContent = `Broken off: ${error.message}`
  }
  find('run').setAttribute('aria-disabled', 'false')
})

createConnectionBar(find('connection-bar'))
