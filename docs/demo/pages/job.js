/**
 * The job page: follows a job, over a reload of the page as well, and closes for good when the job is completed. For the next load it
 * keeps what is shown and the id that goes with that.
 */
import { createClient, fetchStream } from 'holdfast'
import { createConnectionBar } from './connection-bar.js'
import { createContinuity } from './continuity.js'

const storageKey = 'holdfast-demo-job'

const find = (id) => document.getElementById(id)
const bar = createConnectionBar(find('connection-bar'))
const continuity = createContinuity(find('continuity'))

let client
let removeLine

function follow(job) {
  client?.close()
  removeLine?.()
  show(job)
  continuity.startAfter(Number(job.lastEventId))
  remember(job)
  if (job.result) return

  let connections = 0
  find('connections').textContent = connections

  // A step takes a fraction of a second: when none comes, the server is not there.
  client = createClient(fetchStream(`/jobs/${job.name}`), {
    lastEventId: job.lastEventId,
    heartbeat: { idle: 4000, timeout: 2000 },
  })

  client.on('progress', (progress, { id }) => {
    continuity.check(Number(id))
    keep({ ...job, progress, lastEventId: id })
  })

  client.on('completed', ({ result }, { id }) => {
    continuity.check(Number(id))
    keep({ ...job, result, lastEventId: id })
    client.close()
  })

  client.onState(({ status }) => {
    if (status === 'open') connections += 1
    find('connections').textContent = connections
  })

  function keep(next) {
    job = next
    show(job)
    remember(job)
  }

  const words = ({ status, error }) => (status === 'closed' && !error ? 'Complete: closed for good' : undefined)
  removeLine = bar.add(client, { words, buttons: false })
  client.connect()
}

function show({ progress, result }) {
  find('progress').value = progress?.percent ?? 0
  find('percent').textContent = `${progress?.percent ?? 0} %`
  find('step').textContent = progress ? `${progress.step} of ${progress.crates}` : '–'
  find('stage').textContent = result ? 'Complete' : (progress?.stage ?? 'Waiting for the first step')
  find('result').textContent = result ?? ''
}

async function start(crates) {
  find('failure').textContent = ''
  const response = await fetch('/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ crates }),
    signal: AbortSignal.timeout(8000),
  })
  if (!response.ok) throw new Error(`Answered with ${response.status}`)

  const { name } = await response.json()
  follow({ name, lastEventId: '0' })
}

// Where storage is switched off, reading and writing throw; then a job lives as long as its page.
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey))
  } catch {
    return null
  }
}

function remember(job) {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(job))
  } catch {
    // Then the job is forgotten at the next load.
  }
}

find('job-form').addEventListener('submit', (event) => {
  event.preventDefault()
  start(Number(find('crates').value)).catch(() => {
    find('failure').textContent = 'The server did not take the job. Try again when the server is back.'
  })
})

const job = remembered()
if (job) follow(job)
