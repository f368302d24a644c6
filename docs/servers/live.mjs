/** WebSockets in Node, with the package `ws`: greets, answers probes, and passes every other message on to all, its sender included. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const pages = (process.env.ORIGINS ?? 'http://localhost:3000').split(',')
const server = createServer((_request, response) => response.writeHead(404).end())
const sockets = new WebSocketServer({
  server,
  path: '/live',
  maxPayload: 65_536,
  // A browser always says which page is asking; other programs need not. Other people's pages must not speak in your visitors' names.
  verifyClient: ({ origin }) => origin === undefined || pages.includes(origin),
})

sockets.on('connection', (socket) => {
  socket.on('error', () => socket.terminate())
  socket.on('ping', () => letGo(socket))
  socket.on('message', (frame) => {
    let message
    try {
      message = JSON.parse(frame)
    } catch {
      return socket.close(1007)
    }
    if (message?.type === 'ping') return letGo(socket) || socket.send('{"type":"pong"}')
    for (const other of sockets.clients) {
      if (!letGo(other) && other.readyState === 1) other.send(`${frame}`)
    }
  })
  socket.send('{"type":"welcome"}')
})

/** Disconnects a reader that is too slow, and returns whether it did: what waits for it takes up memory. It comes back. */
function letGo(socket) {
  const isSlow = socket.bufferedAmount > 1_000_000
  if (isSlow) socket.terminate()
  return isSlow
}

// 1001 says that the server is going away: clients come back after a random wait.
process.once('SIGTERM', () => {
  for (const socket of sockets.clients) socket.close(1001)
  server.close()
})
server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => console.log(server.address().port))
