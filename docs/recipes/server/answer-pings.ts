import type { WebSocket } from 'ws'

/** Answers the client's probes, and ends a socket that has not said a word for two minutes. */
export function answerPings(socket: WebSocket, patience = 120_000): void {
  const giveUp = setTimeout(() => socket.terminate(), patience)
  socket.on('error', () => socket.terminate())
  socket.once('close', () => clearTimeout(giveUp))
  socket.on('message', (frame) => {
    giveUp.refresh()
    if (`${frame}` === '{"type":"ping"}') socket.send('{"type":"pong"}')
  })
}
