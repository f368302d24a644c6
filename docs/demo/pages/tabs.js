/**
 * The tabs page: a client as everywhere else, whose transport is wrapped in `crossTab`. A page need not know which tab leads. This one
 * shows it, and knows it by the handshake, which runs only in the tab that has the link.
 */
import { createClient, webSocket } from 'holdfast'
import { crossTab } from 'holdfast/cross-tab'
import { byPing, createConnectionBar } from './connection-bar.js'
import { createContinuity } from './continuity.js'
import { countTabs } from './count-tabs.js'

const mostSaid = 20
const roleWords = { none: 'waits', leader: 'leads', follower: 'follows' }

const find = (id) => document.getElementById(id)
const name = `Tab ${crypto.randomUUID().slice(0, 4)}`
const continuity = createContinuity(find('continuity'))

let series
let bells = 0
let hasLink = false

const link = webSocket(({ lastEventId }) => `/tabs?since=${encodeURIComponent(lastEventId)}`)
const client = createClient(crossTab(link, { name: 'holdfast demo' }), {
  async handshake({ next }) {
    await next('welcome')
    hasLink = true
  },
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
  // The link of a tab that takes over may repeat what the tabs have had.
  dedupe: 1000,
})

client.onState(({ status }) => {
  if (status !== 'open') hasLink = false
  const role = status !== 'open' ? 'none' : hasLink ? 'leader' : 'follower'
  find('role').dataset.role = role
  find('role').textContent = roleWords[role]
  if (status === 'open') client.send('count')
})

client.on('connections', ({ now, total }) => {
  find('connections').textContent = now
  find('total').textContent = total
})

client.on('bell', (_data, { id }) => {
  check(id)
  bells += 1
  find('bells').textContent = bells
})

client.on('said', ({ from, text }, { id }) => {
  check(id)
  const line = document.createElement('li')
  line.dataset.id = id
  line.textContent = `${from}: ${text}`
  find('said').prepend(line)
  if (find('said').children.length > mostSaid) find('said').lastElementChild.remove()
})

/** Numbers follow each other as long as the server's process lives. */
function check(id) {
  const [givenSeries, number] = id.split('-')
  if (givenSeries !== series) continuity.startAfter(undefined)
  series = givenSeries
  continuity.check(Number(number))
}

find('say-form').addEventListener('submit', (event) => {
  event.preventDefault()
  client.send('say', { key: crypto.randomUUID(), from: name, text: find('text').value })
  find('text').value = ''
})

find('tab').textContent = name
countTabs((count) => {
  find('tabs').textContent = count
})
createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPing(client) })
client.connect()
