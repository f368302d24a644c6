/**
 * The list of messages: first what the server has told, in its order, then what waits for the server. A message of
 * this page's is recognised by its key, so that it is in the list once, however often it was sent.
 */

const historySize = 50

export function createMessageList(root, isOwn) {
  const known = new Set()
  const waiting = new Map()

  // The list scrolls, and not in every browser can the keyboard reach what scrolls.
  root.tabIndex = 0

  function show(message) {
    if (known.has(message.id)) return

    known.add(message.id)
    const expected = waiting.get(message.key)
    const entry = expected?.entry ?? createEntry(message, isOwn(message))
    confirm(entry, message)
    waiting.delete(message.key)

    // Moved only where it has to be: a screen reader would read a moved entry again.
    const firstWaiting = root.querySelector('[data-waiting]')
    const inPlace = entry.isConnected && (!firstWaiting || entry.nextElementSibling === firstWaiting)
    if (!inPlace) keepEnd(() => root.insertBefore(entry, firstWaiting))
  }

  /** Scrolls along, unless the reader has scrolled up to read. */
  function keepEnd(change, always = false) {
    const atEnd = always || root.scrollHeight - root.scrollTop - root.clientHeight < 40
    change()
    if (atEnd) root.scrollTop = root.scrollHeight
  }

  return {
    show,

    /** The newest messages, which a new connection brings: most are known already, and after a long absence some may be missing before them. */
    showHistory(messages) {
      const [oldest] = messages
      if (known.size > 0 && messages.length === historySize && !known.has(oldest.id)) {
        root.insertBefore(createNote('Some older messages are not shown.'), root.querySelector('[data-waiting]'))
      }

      for (const message of messages) show(message)
    },

    wait(message) {
      const entry = createEntry(message, true)
      waiting.set(message.key, { ...message, entry })
      keepEnd(() => root.append(entry), true)
    },

    /** The server had this message before, and will not tell it again. */
    settle({ key, id }) {
      const expected = waiting.get(key)
      if (expected) show({ id, key, from: expected.from, text: expected.text, at: Date.now() })
    },

    /** What the server has not told yet, oldest first. */
    get waiting() {
      return [...waiting.values()]
    },
  }
}

function createEntry({ key, from, text }, own) {
  const entry = document.createElement('article')
  entry.className = 'message'
  if (key) entry.dataset.key = key
  if (own) entry.dataset.own = ''
  entry.dataset.waiting = ''

  const head = document.createElement('header')
  head.append(createSpan('from', from), createSpan('note', 'waiting'))

  const body = document.createElement('p')
  body.textContent = text
  entry.append(head, body)
  return entry
}

function confirm(entry, { id, at }) {
  delete entry.dataset.waiting
  entry.dataset.id = id

  const time = document.createElement('time')
  time.dateTime = new Date(at).toISOString()
  time.textContent = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  entry.querySelector('.note').replaceWith(time)
}

function createSpan(className, text) {
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

function createNote(text) {
  const note = document.createElement('p')
  note.className = 'divider'
  note.textContent = text
  return note
}
