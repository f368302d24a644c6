import type { WebSocket } from 'ws'

/** Answers the client's probes. Ends a socket from which nothing has come for `patience` ms, not even the pongs that browsers send by themselves. */
export function answerPings(socket: WebSocket, patience = 60_000): void {
  const giveUp = setTimeout(() => socket.terminate(), patience)
  const pinging = setInterval(() => socket.ping(), patience / 2)
  socket.on('error', () => socket.terminate())
  socket.on('pong', () => giveUp.refresh())
  socket.once('close', () => {
    clearTimeout(giveUp)
    clearInterval(pinging)
  })
  socket.on('message', (frame) => {
    giveUp.refresh()
    // A client that asks and does not read would fill the server's memory with answers.
    if (`${frame}` === '{"type":"ping"}' && socket.bufferedAmount < 65_536) socket.send('{"type":"pong"}')
  })
}
