/**
 * The list of notifications, newest first, and which of them have been read. A mark is shown at once and posted. The server tells
 * everybody all marks, and again on every connection, so that the page need not wait for an answer to its own.
 */
import { createContinuity } from './continuity.js'

/**
 * Shows what this client hears in `list`, and keeps the newest `most` entries. `changed` hears how many of them are `unread`, and in
 * `fresh` a notification that has just come in, but none of the many that a new connection brings.
 */
export function showNotices(client, { list, continuity, most = 50, changed }) {
  const order = createContinuity(continuity)
  const entries = new Map()
  /** What was marked on this page. */
  const own = new Set()
  let marks = { upTo: 0, also: [] }

  const isRead = (number) => number <= marks.upTo || marks.also.includes(number) || own.has(number)
  const unread = () => [...entries.keys()].filter((number) => !isRead(number))

  function showMarks(fresh) {
    for (const [number, entry] of entries) markEntry(entry, isRead(number))
    changed({ unread: unread().length, fresh })
  }

  function read(numbers) {
    if (numbers.length === 0) return
    for (const number of numbers) own.add(number)
    client.send('read', { numbers })
    showMarks()
  }

  client.on('marks', (next) => {
    marks = next
    showMarks()
  })

  client.on('notification', (notice, { id }) => {
    const number = Number(id)
    order.check(number)
    if (entries.has(number)) return

    const entry = createEntry(number, notice, () => read([number]))
    entries.set(number, entry)
    list.prepend(entry)
    for (const [oldest, old] of entries) {
      if (entries.size <= most) break
      entries.delete(oldest)
      own.delete(oldest)
      old.remove()
    }

    const { status, openedAt } = client.state
    const isFresh = status === 'open' && Date.now() - openedAt > 500
    showMarks(isFresh ? notice : undefined)
  })

  return {
    readAll() {
      read(unread())
    },
  }
}

function createEntry(number, { title, text, at }, read) {
  const entry = document.createElement('li')
  entry.dataset.id = number

  const heading = document.createElement('strong')
  heading.id = `notice-${number}`
  heading.textContent = title
  const body = document.createElement('p')
  body.textContent = text
  const time = document.createElement('time')
  time.dateTime = new Date(at).toISOString()
  time.textContent = new Date(at).toLocaleTimeString()

  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Mark as read'
  button.setAttribute('aria-describedby', heading.id)
  button.addEventListener('click', read)
  entry.append(heading, time, body, button)
  return entry
}

function markEntry(entry, isRead) {
  const button = entry.querySelector('button')
  if (isRead === 'read' in entry.dataset) return

  entry.toggleAttribute('data-read', isRead)
  // A button that is about to be hidden must not take the focus with it: that of the next unread notification gets it.
  if (isRead && document.activeElement === button) {
    const buttons = [...entry.parentElement.querySelectorAll('button:not([hidden])')]
    const place = buttons.indexOf(button)
    const next = buttons[place + 1] ?? buttons[place - 1] ?? document.getElementById('read-all')
    next.focus()
  }
  button.hidden = isRead
}
