/**
 * The page on which several people write one text. What is typed is shown at once and goes out as an edit; what others typed is
 * fitted in. Edits are kept in the copy of the text until the server has them, not in the client's queue: after a break they have
 * to be fitted to what the others wrote meanwhile.
 */
import { createClient, webSocket } from 'holdfast'
import { showCarets } from './caret-layer.js'
import { byPing, createConnectionBar } from './connection-bar.js'
import { askName, rememberedName } from './remembered-name.js'
import { createSharedText } from './shared-text.js'
import { difference, moveCaret } from './text-operation.js'

const find = (id) => document.getElementById(id)
const field = find('text')

// Keys must be unique over all pages: by them the server tells an edit that comes twice from two edits.
const copy = createSharedText(() => crypto.randomUUID())
let name = rememberedName()
let you
let people = []
/** What came while the visitor was composing letters, in Japanese for example: a change of the field would break that off. */
let heldBack = []
let isComposing = false
let isRefused = false

const client = createClient(webSocket('/together'), {
  queue: false,
  // The server tells what was missed. The edit that it has not had then goes out again, fitted to that.
  async handshake({ send, next }) {
    takeTyped()
    heldBack = []
    const { document, revision, sentKey } = copy
    send('hello', { name, document, revision, key: sentKey })

    let welcome = await next('welcome')
    if (welcome.isAsked) {
      // The server's process is a new one: of all the pages that come back, it takes the text of the first.
      send('bring', copy.toBring())
      welcome = await next('welcome')
    }
    takeTyped()
    you = welcome.you
    show(copy.resume(welcome))
    showPeople(welcome.people)
    field.disabled = false

    const edit = copy.toSend('again')
    if (edit) send('edit', edit)
  },
  // Shorter than usual, so that a server that freezes is soon seen to be gone.
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
})

client.on('edit', whenComposed(receive))
client.on('refused', whenComposed(takeBack))
client.on('select', ({ by, start, end }) => {
  people = people.map((person) => (person.id === by ? { ...person, selection: { start, end } } : person))
  drawCarets()
})
client.on('people', showPeople)

client.onState(({ status }) => {
  if (status === 'open') sendNext()
  showSaved()
})

function receive(edit) {
  // A gap would be a defect; a new connection brings what is missing.
  if (edit.revision !== copy.revision + 1) return client.reconnect()

  takeTyped()
  const change = copy.receive(edit)
  if (change) show([change])
  sendNext()
}

function takeBack({ key }) {
  if (copy.sentKey !== key) return
  takeTyped()
  const change = copy.takeBack()
  isRefused = true
  if (change) show([change])
  sendNext()
}

/** Makes `handle` wait while letters are being composed. What has waited is handled in its order. */
function whenComposed(handle) {
  return (data) => {
    if (isComposing) heldBack.push(() => handle(data))
    else handle(data)
  }
}

/** Puts into the copy what the visitor has changed in the field. */
function takeTyped() {
  const typed = field.disabled ? undefined : difference(copy.text, field.value, field.selectionEnd)
  if (!typed) return
  copy.edit(typed)
  people = people.map((person) => moveSelection(person, typed))
}

/** Shows what others have changed, and leaves the visitor's own selection where it is. */
function show(changes) {
  let { selectionStart: start, selectionEnd: end } = field
  for (const change of changes) {
    start = moveCaret(start, change)
    end = moveCaret(end, change)
    people = people.map((person) => moveSelection(person, change))
  }
  if (field.value !== copy.text) {
    field.value = copy.text
    if (document.activeElement === field) field.setSelectionRange(start, end)
  }
  drawCarets()
  showSaved()
}

function sendNext() {
  if (client.state.status === 'open') {
    const edit = copy.toSend('next')
    // Volatile, since the copy keeps the edit: if the socket is about to close and takes nothing, the next connection begins with it.
    if (edit) client.send('edit', edit, { volatile: true })
    else if (!copy.isAhead) sendSelection()
  }
  showSaved()
}

let told = ''
function sendSelection() {
  const { selectionStart: start, selectionEnd: end } = field
  // A selection in a text that the server does not have yet says nothing to the others: it is sent when the edit is confirmed.
  if (document.activeElement !== field || copy.isAhead) return
  if (told === `${copy.revision} ${start} ${end}`) return
  told = `${copy.revision} ${start} ${end}`
  client.send('select', { revision: copy.revision, start, end }, { volatile: true })
}

field.addEventListener('input', () => {
  if (isComposing) return
  isRefused = false
  takeTyped()
  drawCarets()
  sendNext()
})
field.addEventListener('compositionstart', () => {
  isComposing = true
})
field.addEventListener('compositionend', () => {
  isComposing = false
  takeTyped()
  const held = heldBack
  heldBack = []
  for (const handle of held) handle()
  drawCarets()
  sendNext()
})
document.addEventListener('selectionchange', sendSelection)
// In a field of another width lines break elsewhere: the carets move, and their names may need the other side.
new ResizeObserver(drawCarets).observe(field)

askName(find('name-form'), find('name'), (chosen) => {
  name = chosen
  // The name is in the first frame of a connection.
  client.reconnect()
})

function showPeople(list) {
  people = list
  const entries = list.map((person) => {
    const entry = document.createElement('li')
    entry.textContent = person.id === you ? `${person.name} (you)` : person.name
    entry.style.setProperty('--person', `var(--person-${person.colour})`)
    return entry
  })
  find('people').replaceChildren(...entries)
  drawCarets()
}

function drawCarets() {
  showCarets(
    find('carets'),
    field.value,
    people.filter(({ id }) => id !== you),
  )
}

function showSaved() {
  const words = copy.isAhead ? 'What you wrote is on its way.' : 'Everything you wrote is with the server.'
  const away = copy.isAhead
    ? 'What you wrote waits until the server is back.'
    : 'The server is away. You can go on writing.'
  const refused = 'The last change was taken back: the text would be too long.'
  if (field.disabled) return
  find('saved').textContent = isRefused ? refused : client.state.status === 'open' ? words : away
  find('saved').dataset.saved = String(!copy.isAhead)
}

function moveSelection({ selection, ...person }, operation) {
  if (!selection) return person
  return {
    ...person,
    selection: { start: moveCaret(selection.start, operation), end: moveCaret(selection.end, operation) },
  }
}

find('name').value = name
createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPing(client) })
client.connect()
