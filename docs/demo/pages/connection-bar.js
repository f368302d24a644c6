/**
 * The header that the pages share: the state of their connection in words, the time until the next try, and the
 * buttons that break and mend it. It knows the client only by `state`, `onState`, `connect`, `reconnect` and `close`.
 */

// The countdown stands outside the live region: a screen reader should hear of each change once, not every second.
const markup = `
  <div class="status-line">
    <p class="status" data-status="idle">
      <span class="dot" aria-hidden="true"></span>
      <span id="status-words" role="status"></span>
      <span id="countdown"></span>
    </p>
    <p id="hint" hidden></p>
  </div>
  <div class="actions">
    <div role="group" aria-label="This page">
      <button type="button" id="reconnect">Reconnect now</button>
      <button type="button" id="toggle">Connect</button>
    </div>
    <div role="group" aria-label="The server">
      <button type="button" id="stop">Stop the server’s sockets</button>
      <button type="button" id="start">Start the sockets</button>
      <button type="button" id="restart">Restart (3 s)</button>
    </div>
    <p id="server" data-server="unknown" role="status"></p>
  </div>
`

const serverWords = {
  running: 'The server takes connections.',
  stopped: 'The server takes no connections.',
  restarting: 'The server takes no connections for a moment.',
  unknown: 'The server does not answer.',
}

const pauseWords = {
  offline: 'there is no network',
  hidden: 'nobody sees the page',
  frozen: 'the browser has put the page to sleep',
}

export function showConnection(client, root) {
  root.innerHTML = markup
  root.classList.add('connection-bar')

  const find = (selector) => root.querySelector(selector)
  let countdown
  let afterRestart

  function showState(state) {
    const closed = state.status === 'closed' || state.status === 'idle'
    const error = state.status === 'open' ? undefined : state.error

    find('.status').dataset.status = state.status
    find('#status-words').textContent = wordsFor(state)
    find('#toggle').textContent = closed ? 'Connect' : 'Disconnect'
    find('#hint').textContent = error?.hint ?? ''
    find('#hint').hidden = !error?.hint

    clearInterval(countdown)
    if (state.status === 'waiting') countdown = setInterval(showCountdown, 250, state)
    showCountdown(state)
  }

  function showCountdown(state) {
    find('#countdown').textContent = state.status === 'waiting' ? countdownFor(state) : ''
  }

  function showServer({ state, startsAt }) {
    find('#server').dataset.server = state
    find('#server').textContent = serverWords[state]

    clearTimeout(afterRestart)
    if (state === 'restarting') afterRestart = setTimeout(ask, Math.max(0, startsAt - Date.now()) + 50, '')
  }

  async function ask(path, method = 'GET') {
    try {
      const response = await fetch(`/control${path}`, { method })
      showServer(await response.json())
    } catch {
      showServer({ state: 'unknown' })
    }
  }

  find('#stop').addEventListener('click', () => ask('/stop', 'POST'))
  find('#start').addEventListener('click', () => ask('/start', 'POST'))
  find('#restart').addEventListener('click', () => ask('/restart?for=3000', 'POST'))
  find('#reconnect').addEventListener('click', () => client.reconnect())
  find('#toggle').addEventListener('click', () => {
    const { status } = client.state
    if (status === 'closed' || status === 'idle') client.connect()
    else client.close()
  })

  client.onState((state) => {
    showState(state)
    if (state.status === 'open' || state.status === 'waiting') ask('')
  })
  showState(client.state)
  ask('')
}

function wordsFor(state) {
  switch (state.status) {
    case 'idle':
      return 'Not connected yet'
    case 'connecting':
      return state.attempt > 1 ? `Connecting (try ${state.attempt})` : 'Connecting'
    case 'open':
      return `Connected (${state.transport})`
    case 'waiting':
      return 'Reconnecting'
    case 'suspended':
      return `Paused: ${pauseWords[state.reason]}`
    default:
      return state.error ? `Disconnected: ${state.error.message}` : 'Disconnected'
  }
}

function countdownFor({ retryAt, attempt }) {
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))
  return seconds > 0 ? `in ${seconds} s (try ${attempt})` : `now (try ${attempt})`
}
