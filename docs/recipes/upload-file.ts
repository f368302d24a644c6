import type { DuplexClient } from 'holdfast'

/**
 * Sends a file in pieces, no faster than the link takes them. The server gets `upload`, and then pieces as `binary`. It answers
 * with `upload-at`, how many bytes it has: on every new link, to say where to go on, and at the end.
 */
export async function uploadFile(client: DuplexClient, id: string, file: Blob, signal?: AbortSignal): Promise<void> {
  const pieceSize = 65_536
  for (;;) {
    await client.opened({ signal })
    const link = client.state
    if (link.status !== 'open') continue
    // Ends with this link: what the server has said on an older one does not count on the next.
    const offsets = client.events('upload-at', { signal })
    const stop = client.onState(() => offsets.return?.(), { once: true })
    try {
      client.send('upload', { id, size: file.size })
      for await (const offset of offsets) {
        if (offset === file.size) return
        for (let at = offset; at < file.size && client.state === link; at += pieceSize) {
          const piece = await file.slice(at, at + pieceSize).arrayBuffer()
          await client.drained({ below: 262_144, signal })
          if (client.state === link) client.send('binary', piece)
        }
      }
    } finally {
      stop()
    }
  }
}
