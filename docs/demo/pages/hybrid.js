/** The hybrid page: two clients that know nothing of each other, one line of the bar for each. */
import { createClient, fetchStream, webSocket, withUpstream } from 'holdfast'
import { createBoard } from './board.js'
import { byPing, byPost, createConnectionBar } from './connection-bar.js'
import { showNotices } from './notices.js'

const find = (id) => document.getElementById(id)

const board = createBoard(find('board'), {
  moved(text, isOwn) {
    find(isOwn ? 'own-move' : 'last-move').textContent = text
  },
})

const collaboration = createClient(webSocket('/board'), {
  async handshake({ next, send }) {
    const { you, boats } = await next('board')
    find('you').textContent = `You are ${you}.`
    board.welcome(boats, send)
  },
  heartbeat: { idle: 6000, timeout: 3000, probe: { event: 'ping' } },
})
board.follow(collaboration)

const news = createClient(withUpstream(fetchStream('/notifications'), '/notifications'), {
  heartbeat: { idle: 5000, timeout: 2000 },
})
const notices = showNotices(news, {
  list: find('inbox'),
  continuity: find('continuity'),
  most: 5,
  changed({ unread }) {
    find('unread').textContent = unread
  },
})
find('read-all').addEventListener('click', () => notices.readAll())

const bar = createConnectionBar(find('connection-bar'))
bar.add(collaboration, { name: 'Board', roundTrip: byPing(collaboration) })
bar.add(news, { name: 'Notifications', roundTrip: byPost(news) })
collaboration.connect()
news.connect()
