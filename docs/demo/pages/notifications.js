/** The notifications page: a stream, and an upstream for what has been read. */
import { createClient, fetchStream, withUpstream } from 'holdfast'
import { byPost, createConnectionBar } from './connection-bar.js'
import { showNotices } from './notices.js'
import { createToasts } from './toasts.js'

const find = (id) => document.getElementById(id)
const { title } = document
const toasts = createToasts(find('toasts'))

// The server sends something at least every two seconds, if only a comment.
const client = createClient(withUpstream(fetchStream('/notifications'), '/notifications'), {
  heartbeat: { idle: 5000, timeout: 2000 },
})

const notices = showNotices(client, {
  list: find('inbox'),
  continuity: find('continuity'),
  changed({ unread, fresh }) {
    find('unread').textContent = unread
    find('last-id').textContent = client.lastEventId || 'none yet'
    document.title = unread > 0 ? `(${unread}) ${title}` : title
    if (fresh) toasts.show(fresh.title, fresh.text)
  },
})

find('read-all').addEventListener('click', () => notices.readAll())
createConnectionBar(find('connection-bar')).add(client, { roundTrip: byPost(client) })
client.connect()
