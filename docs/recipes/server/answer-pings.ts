import type { WebSocket } from 'ws'

/** Answers the client's probes, and ends a socket from which nothing has come for a minute, not even the pongs that browsers send by themselves. */
export function answerPings(socket: WebSocket, patience = 60_000): void {
  const giveUp = setTimeout(() => socket.terminate(), patience)
  const asking = setInterval(() => socket.ping(), patience / 2)
  socket.on('error', () => socket.terminate())
  socket.on('pong', () => giveUp.refresh())
  socket.once('close', () => {
    clearTimeout(giveUp)
    clearInterval(asking)
  })
  socket.on('message', (frame) => {
    giveUp.refresh()
    // Who asks and does not read has enough to hear.
    if (`${frame}` === '{"type":"ping"}' && socket.bufferedAmount < 65_536) socket.send('{"type":"pong"}')
  })
}
