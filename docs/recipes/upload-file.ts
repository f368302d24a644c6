import { type DuplexClient, RealtimeError } from 'holdfast'

/**
 * Sends a file in pieces, no faster than the link takes them, and after a break goes on where the server is. It is sent
 * `upload` and pieces as `binary`, and says `upload-at`: how much of the file it has.
 */
export async function uploadFile(client: DuplexClient, id: string, file: Blob, signal?: AbortSignal): Promise<void> {
  const pieceSize = 65_536
  const offsets = client.events('upload-at', { signal })
  const ask = () => client.state.status === 'open' && client.send('upload', { id, size: file.size })
  const stopAsking = client.onState(ask)
  ask()
  try {
    for await (const offset of offsets) {
      if (offset === file.size) return
      const link = client.state
      for (let at = offset; at < file.size; at += pieceSize) {
        const piece = await file.slice(at, at + pieceSize).arrayBuffer()
        await client.drained({ below: 262_144, signal })
        // The next link begins with an answer of its own.
        if (client.state !== link) break
        client.send('binary', piece)
      }
    }
    throw new RealtimeError('aborted', 'The upload is not complete.')
  } finally {
    stopAsking()
  }
}
