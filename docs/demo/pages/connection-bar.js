/**
 * The header that the pages share: a line for each of their connections, with its state in words, the time until the next try,
 * what carries it, its round trip and the buttons that break and mend it, and below them the buttons for the server side. It knows a
 * client only by `state`, `onState`, `connect`, `reconnect` and `close`.
 */

/** Milliseconds between two measurements of the round trip. */
const measureEvery = 2000

const none = '–'

// The countdown stands outside the live region: a screen reader should hear of each change once, not every second.
const lineMarkup = `
  <div class="status-line">
    <p class="status" data-status="idle">
      <span class="dot" aria-hidden="true"></span>
      <span class="words" role="status"></span>
      <span class="countdown"></span>
    </p>
    <dl class="facts">
      <div><dt>Transport</dt><dd data-fact="transport"></dd></div>
      <div><dt>Attempt</dt><dd data-fact="attempt"></dd></div>
      <div><dt>Round trip</dt><dd data-fact="round-trip">–</dd></div>
    </dl>
    <div class="buttons" role="group">
      <button type="button" data-press="reconnect">Reconnect now</button>
      <button type="button" data-press="toggle">Connect</button>
    </div>
  </div>
  <p class="hint" hidden></p>
`

const serverMarkup = `
  <div class="server">
    <div class="buttons" role="group" aria-label="The server">
      <span aria-hidden="true">Server</span>
      <button type="button" data-press="stop">Stop</button>
      <button type="button" data-press="start">Start</button>
      <button type="button" data-press="freeze">Freeze</button>
      <button type="button" data-press="unfreeze" hidden>Unfreeze</button>
      <button type="button" data-press="restart">Restart (3 s)</button>
    </div>
    <p data-server="unknown" role="status"></p>
  </div>
`

const serverWords = {
  running: 'The server takes connections.',
  stopped: 'The server takes no connections.',
  frozen: 'The server is frozen: it holds connections and says nothing.',
  restarting: 'The server takes no connections for a moment.',
  unknown: 'The server does not answer.',
}

const pauseWords = {
  offline: 'there is no network',
  hidden: 'nobody sees the page',
  frozen: 'the browser has put the page to sleep',
}

/** Fills `root` with the buttons for the server; `add` puts a line for a connection before them. */
export function createConnectionBar(root) {
  root.innerHTML = serverMarkup
  root.classList.add('connection-bar')
  const server = root.querySelector('.server')
  const askServer = showServer(server)

  return {
    /**
     * Adds a line for this client, and returns what removes it.
     * - `name`: what the connection is for, where there are several.
     * - `roundTrip(signal)`: asks the other side and resolves when it has answered. Without it no round trip is shown.
     * - `words(state)`: words for a state instead of the usual ones; `undefined` for the usual ones.
     * - `buttons: false`: where reconnecting and disconnecting by hand make no sense.
     */
    add(client, { name = '', roundTrip, words = () => undefined, buttons = true } = {}) {
      const line = document.createElement('div')
      line.className = 'line'
      line.innerHTML = lineMarkup
      if (name !== '') nameLine(line, name)
      line.querySelector('.buttons').setAttribute('aria-label', name || 'This page')
      line.querySelector('.buttons').hidden = !buttons
      server.before(line)

      const wordsOf = (state) => words(state) ?? wordsFor(state)
      const stopShowing = showLine(client, line, wordsOf, askServer)
      const stopMeasuring = roundTrip && measure(client, roundTrip, fact(line, 'round-trip'), askServer)
      return () => {
        stopShowing()
        stopMeasuring?.()
        line.remove()
      }
    },
  }
}

/** For `roundTrip`: asks by the event `ping` with a number, which the server sends back with `pong`. */
export function byPing(client) {
  return (signal) =>
    new Promise((resolve) => {
      // Where tabs share a connection, each hears the answers to all of them, hence the number. Servers that answer without one are believed.
      const number = Math.floor(Math.random() * 1e9)
      client.on('pong', (data) => (data === number || data == null) && resolve(), { signal })
      client.send('ping', number, { volatile: true })
    })
}

/** For `roundTrip` where messages are posted: how long the server takes to answer one. */
export function byPost(client) {
  return (signal) => {
    client.send('ping', undefined, { volatile: true })
    return client.drained({ signal })
  }
}

function nameLine(line, name) {
  const heading = document.createElement('h2')
  heading.textContent = name
  line.prepend(heading)
}

function fact(line, name) {
  return line.querySelector(`[data-fact="${name}"]`)
}

function showLine(client, line, wordsOf, askServer) {
  const find = (selector) => line.querySelector(selector)
  let countdown
  let attempt = none

  function show(state) {
    const closed = state.status === 'closed' || state.status === 'idle'
    const error = state.status === 'open' ? undefined : state.error

    find('.status').dataset.status = state.status
    find('.words').textContent = wordsOf(state)
    find('[data-press="toggle"]').textContent = closed ? 'Connect' : 'Disconnect'
    find('.hint').textContent = error?.hint ?? ''
    find('.hint').hidden = !error?.hint
    fact(line, 'transport').textContent = state.status === 'open' ? state.transport : none
    // The state 'open' has no `attempt`: the one before it is shown on.
    attempt = closed ? none : (state.attempt ?? attempt)
    fact(line, 'attempt').textContent = attempt

    clearInterval(countdown)
    if (state.status === 'waiting') countdown = setInterval(showCountdown, 250, state)
    showCountdown(state)
    if (state.status === 'open' || state.status === 'waiting') askServer()
  }

  function showCountdown(state) {
    find('.countdown').textContent = state.status === 'waiting' ? countdownFor(state) : ''
  }

  find('[data-press="reconnect"]').addEventListener('click', () => client.reconnect())
  find('[data-press="toggle"]').addEventListener('click', () => {
    const { status } = client.state
    if (status === 'closed' || status === 'idle') client.connect()
    else client.close()
  })

  const stop = client.onState(show)
  show(client.state)
  return () => {
    clearInterval(countdown)
    stop()
  }
}

/** Measures the round trip again and again while the connection is open. While an answer is late, it shows for how long. */
function measure(client, roundTrip, output, askServer) {
  let timer
  let asked

  async function ask() {
    const question = new AbortController()
    const askedAt = performance.now()
    asked = { question, askedAt }
    try {
      await roundTrip(question.signal)
    } catch (error) {
      // Nobody waits for that answer any more.
      if (!question.signal.aborted) throw error
    }
    if (question.signal.aborted) return

    question.abort()
    asked = undefined
    output.textContent = `${Math.max(1, Math.round(performance.now() - askedAt))} ms`
  }

  function look() {
    if (!asked) return void ask()
    output.textContent = `over ${Math.floor((performance.now() - asked.askedAt) / 1000)} s`
    askServer()
  }

  function follow({ status }) {
    clearInterval(timer)
    asked?.question.abort()
    asked = undefined
    output.textContent = none
    if (status !== 'open') return

    timer = setInterval(look, measureEvery)
    ask()
  }

  const stop = client.onState(follow)
  follow(client.state)
  return () => {
    follow({ status: 'closed' })
    stop()
  }
}

/** Shows the state of the server. Returns a function that asks for it again. */
function showServer(root) {
  const words = root.querySelector('[data-server]')
  const button = (name) => root.querySelector(`[data-press="${name}"]`)
  let afterRestart

  function show({ state, startsAt }) {
    words.dataset.server = state
    if (words.textContent !== serverWords[state]) words.textContent = serverWords[state]

    // A button that is about to be hidden must not take the focus with it.
    const focused = document.activeElement
    button('freeze').hidden = state === 'frozen'
    button('unfreeze').hidden = state !== 'frozen'
    if (focused === button('freeze') && state === 'frozen') button('unfreeze').focus()
    if (focused === button('unfreeze') && state !== 'frozen') button('freeze').focus()

    clearTimeout(afterRestart)
    if (state === 'restarting') afterRestart = setTimeout(ask, Math.max(0, startsAt - Date.now()) + 50, '')
  }

  async function ask(path, method = 'GET') {
    try {
      const response = await fetch(`/control${path}`, { method })
      show(await response.json())
    } catch {
      show({ state: 'unknown' })
    }
  }

  const press = (name, path) => button(name).addEventListener('click', () => ask(path, 'POST'))
  press('stop', '/stop')
  press('start', '/start')
  press('freeze', '/freeze')
  press('unfreeze', '/start')
  press('restart', '/restart?for=3000')
  ask('')
  return () => ask('')
}

function wordsFor(state) {
  switch (state.status) {
    case 'idle':
      return 'Not connected yet'
    case 'connecting':
      return state.attempt > 1 ? `Connecting (try ${state.attempt})` : 'Connecting'
    case 'open':
      return 'Connected'
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
