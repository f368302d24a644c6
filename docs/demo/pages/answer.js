/**
 * The token stream page: one client per question, since every answer is a stream with ids of its own. The server numbers the
 * tokens, so the page can check by itself that none is missing and none came twice, however often the line was cut.
 */
import { createClient, fetchStream } from 'holdfast'
import { createConnectionBar } from './connection-bar.js'

const find = (id) => document.getElementById(id)
const bar = createConnectionBar(find('connection-bar'))

let client
let removeLine
/** Belongs to the answer that is shown: aborted, it closes the client of that answer and ends what listens to it. */
let shown = new AbortController()

function ask(question) {
  shown.abort()
  shown = new AbortController()
  const { signal } = shown

  const text = document.createTextNode('')
  const counts = { tokens: 0, missing: 0, repeated: 0, connections: 0 }
  let isComplete = false
  find('answer').replaceChildren(text)
  showCounts(counts)

  const transport = fetchStream('/answer', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  })
  // Tokens come far more often than that: when none does, the server is not there.
  client = createClient(transport, { signal, heartbeat: { idle: 4000, timeout: 2000 } })

  client.on('token', (token, { id }) => {
    const number = Number(id.split('-')[1])
    if (number <= counts.tokens) counts.repeated += 1
    else counts.missing += number - counts.tokens - 1

    counts.tokens = Math.max(number, counts.tokens)
    text.appendData(token)
    showCounts(counts)
  })

  client.on('done', () => {
    isComplete = true
    client.close()
  })

  const showState = (state) => {
    if (state.status === 'open') counts.connections += 1
    showCounts(counts)
    showProgress(state.status !== 'closed')
  }
  client.onState(showState, { signal })
  removeLine?.()
  removeLine = bar.add(client, { words: (state) => (isComplete ? 'Complete' : wordsFor(state)), buttons: false })
  client.connect()
}

function showCounts(counts) {
  for (const [id, count] of Object.entries(counts)) find(id).textContent = count
}

function showProgress(isRunning) {
  find('answer').setAttribute('aria-busy', isRunning)

  // A button that is about to be hidden must not take the focus with it.
  const focused = document.activeElement
  find('ask').hidden = isRunning
  find('stop').hidden = find('breaks').hidden = !isRunning
  if (!focused.checkVisibility()) find(isRunning ? 'stop' : 'question').focus()
}

function wordsFor(state) {
  switch (state.status) {
    case 'connecting':
      return state.error ? 'Reconnecting' : 'Asking'
    case 'open':
      return 'Being written'
    case 'closed':
      return state.error ? `Failed: ${state.error.hint ?? state.error.message}` : 'Stopped'
    default:
      return undefined
  }
}

find('question-form').addEventListener('submit', (event) => {
  event.preventDefault()
  ask(find('question').value)
})
find('stop').addEventListener('click', () => client.close())
find('cut').addEventListener('click', () => fetch('/control/restart?for=0', { method: 'POST' }))
