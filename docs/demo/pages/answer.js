/**
 * The token stream page: one client per question, since every answer is a stream with ids of its own. The server numbers the
 * tokens, so the page can check by itself that none is missing and none came twice, however often the line was cut.
 */
import { createClient, fetchStream } from 'holdfast'

const find = (id) => document.getElementById(id)
const status = document.querySelector('.status')

let client
/** Of the answer that is shown: aborting it ends its client, and nothing more is heard of that. */
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
  client = createClient(transport, { signal })

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

  const showNews = (state) => {
    if (state.status === 'open') counts.connections += 1
    showCounts(counts)
    showState(state.status, isComplete ? 'Complete' : wordsFor(state))
  }
  client.onState(showNews, { signal })
  client.connect()
}

function showCounts(counts) {
  for (const [id, count] of Object.entries(counts)) find(id).textContent = count
}

function showState(state, words) {
  const isRunning = state !== 'closed'
  status.dataset.status = state
  find('status-words').textContent = words
  find('answer').setAttribute('aria-busy', isRunning)

  // What is about to go must not take the focus with it.
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
    case 'waiting':
      return `Cut off, trying again at ${new Date(state.retryAt).toLocaleTimeString()}`
    case 'suspended':
      return 'Paused'
    default:
      return state.error ? `Failed: ${state.error.hint ?? state.error.message}` : 'Stopped'
  }
}

async function breakFor(milliseconds) {
  await fetch(`/control/restart?for=${milliseconds}`, { method: 'POST' })
}

find('question-form').addEventListener('submit', (event) => {
  event.preventDefault()
  ask(find('question').value)
})
find('stop').addEventListener('click', () => client.close())
find('cut').addEventListener('click', () => breakFor(0))
find('away').addEventListener('click', () => breakFor(3000))
