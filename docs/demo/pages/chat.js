/**
 * The chat page. Only the server's echo tells whether a message has arrived, so the page keeps each message until then.
 * A new connection brings what was said lately; messages of this page that are not in it go out again, under the same
 * key, by which the server recognises those that it has.
 */
import { createClient, webSocket } from 'holdfast'
import { byPing, createConnectionBar } from './connection-bar.js'
import { createMessageList } from './message-list.js'
import { rememberedName, takeName } from './remembered-name.js'
import { createTypingLine } from './typing-line.js'

const typingPause = 1000

const find = (id) => document.getElementById(id)
const nameField = find('name')
const textField = find('text')

let name = rememberedName('')
let typingSentAt = 0

const messages = createMessageList(find('messages'), ({ from }) => from === name)
const typing = createTypingLine(find('typing'))

const client = createClient(webSocket('/chat'), {
  // The server knows nothing of the connection before this one: say who we are first, then what it may have missed.
  async handshake({ send, next }) {
    const { history, people } = await next('welcome')
    messages.showHistory(history)
    showPeople(people)
    if (name === '') return

    send('join', { name })
    for (const { text, key } of messages.waiting) send('message', { text, key })
  },
  // Shorter than usual, so that a server that freezes is soon seen to be gone.
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
})

client.on('message', (message) => {
  typing.forget(message.from)
  messages.show(message)
})

client.on('seen', (message) => messages.settle(message))
client.on('typing', ({ from }) => typing.heard(from))
client.on('people', showPeople)

client.onState(({ status }) => {
  if (status !== 'open') typing.clear()
})

find('name-form').addEventListener('submit', (event) => {
  event.preventDefault()
  if (join()) textField.focus()
})

find('message-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const text = textField.value.trim()
  if (text === '' || (name === '' && !join())) return

  const key = crypto.randomUUID()
  messages.wait({ key, from: name, text })
  if (client.state.status === 'open') client.send('message', { text, key })

  textField.value = ''
  typingSentAt = 0
})

textField.addEventListener('input', () => {
  // Typing is worth telling now or not at all: queued for later it would be a lie.
  if (name === '' || client.state.status !== 'open' || Date.now() - typingSentAt < typingPause) return

  typingSentAt = Date.now()
  client.send('typing', {})
})

/** Returns false where the field holds no name; the browser then says so beside the field. */
function join() {
  const chosen = takeName(nameField)
  if (chosen === undefined) return false

  name = chosen
  showName()
  if (client.state.status === 'open') client.send('join', { name })
  return true
}

function showName() {
  nameField.value = name
  find('join').textContent = name === '' ? 'Join' : 'Change'
}

function showPeople(people) {
  const entries = people.map((person) => {
    const entry = document.createElement('li')
    entry.textContent = person
    return entry
  })
  find('people').replaceChildren(...entries)
}

showName()
createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPing(client) })
client.connect()
