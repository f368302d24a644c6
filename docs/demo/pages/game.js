/**
 * The game. The position of the boat goes out 30 times a second and is volatile: what cannot go out now is of no use later. The taking
 * of a lantern is not volatile: it waits while the server is away. The other boats are drawn a tenth of a second late, and smoothly.
 */
import { createClient, webSocket } from 'holdfast'
import { byPing, createConnectionBar } from './connection-bar.js'
import { createHelm } from './helm.js'
import { createTellerClock, createTrack } from './interpolation.js'
import { nearestOf, wayTo } from './lookout.js'
import { askName, rememberedName } from './remembered-name.js'
import { createSea } from './sea.js'

const speed = 260
const sendEvery = 1000 / 30
const lateBy = 100
/** How near to the edge a boat can come, in metres. */
const shore = 20

const find = (id) => document.getElementById(id)
const sea = createSea(find('sea'))
const helm = createHelm(find('harbour'), sea.toWorld)

/** The server keeps the score under this key while the page is away. */
const key = crypto.randomUUID()
let name = rememberedName()
let you
let me
let world = { width: 960, height: 540, armLength: 30 }
let players = []
let lanterns = []
/** Lanterns that this page has taken, and the server has not confirmed. */
const taking = new Set()
let tracks = new Map()
let clock = createTellerClock()
const counts = { sent: 0, dropped: 0, received: 0 }

const client = createClient(webSocket('/game'), {
  async handshake({ send, next }) {
    send('join', { name, key })
    const welcome = await next('welcome')
    you = welcome.you
    world = welcome.world
    lanterns = welcome.lanterns
    taking.clear()
    tracks = new Map()
    clock = createTellerClock()
    // After a break the boat is where this page has it: the server hears of that with the next position.
    me ??= placeOf(welcome.players.find(({ id }) => id === you))
    showPlayers(welcome.players)
  },
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
})

client.on('players', showPlayers)
client.on('places', ({ time, all }) => {
  counts.received += 1
  clock.heard(time, performance.now())
  for (const [id, x, y, heading] of all) trackOf(id).add({ time, x, y, heading })
})
client.on('taken', ({ lantern, by, score, next }) => {
  taking.delete(lantern)
  lanterns = [...lanterns.filter(({ id }) => id !== lantern), next]
  const player = players.find(({ id }) => id === by)
  if (!player) return
  find('news').textContent = `${player.name} took a lantern and has ${score}.`
  showPlayers(players.map((each) => (each === player ? { ...each, score } : each)))
})
client.on('missed', ({ lantern }) => taking.delete(lantern))

function placeOf({ x, y, heading }) {
  return { x, y, heading }
}

function trackOf(id) {
  const known = tracks.get(id)
  if (known) return known
  const track = createTrack()
  tracks.set(id, track)
  return track
}

function showPlayers(list) {
  players = list
  tracks = new Map([...tracks].filter(([id]) => list.some((player) => player.id === id)))
  showList()
}

function boats() {
  const time = clock.read(performance.now()) - lateBy
  return players.map((player) => {
    const isOwn = player.id === you
    return { ...player, ...(isOwn ? me : tracks.get(player.id)?.at(time)), isOwn }
  })
}

function sail(milliseconds) {
  const direction = helm.directionFrom(me)
  if (!direction) return

  const way = (speed * milliseconds) / 1000
  me.x = Math.min(world.width - shore, Math.max(shore, me.x + direction.x * way))
  me.y = Math.min(world.height - shore, Math.max(shore, me.y + direction.y * way))
  me.heading = Math.atan2(direction.y, direction.x)
}

function takeWhatIsNear() {
  for (const { id, x, y } of lanterns) {
    if (taking.has(id) || Math.hypot(x - me.x, y - me.y) > world.armLength) continue
    taking.add(id)
    // Not volatile: while the server is away it waits in the client's queue.
    if (client.state.status !== 'closed') client.send('take', { lantern: id })
  }
}

function tellPlace() {
  const { x, y, heading } = me
  const result = client.send('at', { x, y, heading }, { volatile: true })
  counts[result] += 1
}

let drawnAt = performance.now()
let toldAt = 0
function frame(now) {
  // While the page is not drawn, nobody is at the helm: the boat does not sail on.
  const passed = Math.min(100, now - drawnAt)
  drawnAt = now
  if (me) {
    sail(passed)
    takeWhatIsNear()
    // Frames may come a little early.
    if (now - toldAt >= sendEvery - 2) {
      toldAt = now
      tellPlace()
    }
    // For tests: which lanterns are drawn pale.
    find('sea').dataset.taking = [...taking].join(' ')
    sea.draw(lanterns, ({ id }) => taking.has(id), boats())
  }
  requestAnimationFrame(frame)
}

function showCounts() {
  find('sent').textContent = counts.sent
  find('dropped').textContent = counts.dropped
}

let receivedBefore = 0
function lookOut() {
  find('received').textContent = counts.received - receivedBefore
  receivedBefore = counts.received
  showCounts()
  if (!me) return

  showList()
  const nearest = nearestOf(
    me,
    lanterns.filter(({ id }) => !taking.has(id)),
  )
  find('lookout').textContent = nearest
    ? `The nearest lantern is ${wayTo(me, nearest)} of you.`
    : 'There is no lantern.'
}

function showList() {
  const sorted = boats().sort((a, b) => b.score - a.score || a.id - b.id)
  const entries = sorted.map((boat) => {
    const entry = document.createElement('li')
    entry.style.setProperty('--person', `var(--person-${boat.colour})`)
    const where = boat.isOwn || !me ? 'you' : wayTo(me, boat)
    entry.textContent = `${boat.name}: ${boat.score} (${where})`
    entry.dataset.own = String(boat.isOwn)
    return entry
  })
  find('players').replaceChildren(...entries)
}

askName(find('name-form'), find('name'), (chosen) => {
  name = chosen
  // The name is in the first frame of a connection.
  client.reconnect()
})

find('name').value = name
createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPing(client) })
setInterval(lookOut, 1000)
requestAnimationFrame(frame)
client.connect()
