/**
 * The live feed page. The ids of the feed are consecutive numbers, so the page can check by itself that nothing was
 * missed and nothing came twice, however often the connection broke.
 */
import { createClient, eventSource, webSocket } from 'holdfast'
import { createConnectionBar } from './connection-bar.js'

const mostEntries = 200
const kinds = ['notification', 'message', 'ping']

const find = (id) => document.getElementById(id)
const log = find('log')
const counts = new Map(kinds.map((kind) => [kind, 0]))

let previousId
let missing = 0
let repeated = 0

// An EventSource sends the last id back by itself. A WebSocket knows no ids: there the URL says which one we have.
const isSocket = new URLSearchParams(location.search).get('over') === 'websocket'
const client = createClient(
  isSocket ? webSocket(({ lastEventId }) => `/feed?since=${encodeURIComponent(lastEventId)}`) : eventSource('/feed'),
  // Something comes every second: when nothing does, nobody is there.
  { heartbeat: { idle: 6000, timeout: 3000 } },
)
find(isSocket ? 'over-websocket' : 'over-eventsource').setAttribute('aria-current', 'true')

for (const kind of kinds) {
  client.on(kind, (data, { id, receivedAt }) => {
    checkId(Number(id))
    counts.set(kind, counts.get(kind) + 1)
    find(`count-${kind}`).textContent = counts.get(kind)
    addEntry(kind, id, receivedAt, wordsFor(kind, data))
  })
}

// More was missed than the server can send again. The id of this event is that of the last one left out.
client.on('gap', ({ missed }, { id, receivedAt }) => {
  missing += missed
  previousId = Number(id)
  showContinuity()
  addEntry('gap', id, receivedAt, ['Too long away', `${missed} events are too old to be sent again.`])
})

find('filter').addEventListener('change', () => {
  for (const entry of log.children) entry.hidden = isHidden(entry.dataset.kind)
})

function checkId(id) {
  if (previousId !== undefined && id <= previousId) repeated += 1
  else if (previousId !== undefined) missing += id - previousId - 1

  previousId = Math.max(previousId ?? id, id)
  showContinuity()
}

function showContinuity() {
  find('missing').textContent = missing
  find('repeated').textContent = repeated
  find('last-id').textContent = client.lastEventId
}

function addEntry(kind, id, receivedAt, [title, text]) {
  const entry = document.createElement('li')
  entry.dataset.id = id
  entry.dataset.kind = kind
  entry.hidden = isHidden(kind)

  const time = document.createElement('time')
  time.dateTime = new Date(receivedAt).toISOString()
  time.textContent = new Date(receivedAt).toLocaleTimeString()
  entry.append(createSpan('kind', kind), createSpan('title', title), createSpan('text', text), time)

  log.prepend(entry)
  if (log.children.length > mostEntries) log.lastElementChild.remove()
}

function wordsFor(kind, data) {
  switch (kind) {
    case 'notification':
      return [data.title, data.text]
    case 'ping':
      return ['', `The server’s clock says ${new Date(data.at).toLocaleTimeString()}.`]
    default:
      return ['', data.text]
  }
}

function createSpan(className, text) {
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

function isHidden(kind) {
  return kinds.includes(kind) && !find(`show-${kind}`).checked
}

createConnectionBar(find('connection-bar')).add(client)
client.connect()
