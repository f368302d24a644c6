import type { WebSocket } from 'ws'

/** Where uploads are kept: on a disk, in a bucket. */
export interface UploadStore {
  /** How many bytes of the upload are stored, from its beginning. */
  sizeOf(id: string): Promise<number>
  write(id: string, at: number, piece: Uint8Array): Promise<void>
}

/** Takes what `uploadFile` sends, no faster than the store can write it, and says on every new link where to go on. */
export function receiveUpload(socket: WebSocket, store: UploadStore): void {
  let upload: { id: string; size: number; at: number } | undefined
  let waiting = 0
  let work = Promise.resolve()

  async function take(frame: Buffer, isBinary: boolean): Promise<void> {
    if (!isBinary) {
      const { type, data } = JSON.parse(`${frame}`)
      // A store may make a path of the id.
      if (type !== 'upload' || !/^[\w-]{1,64}$/.test(data.id)) return
      upload = { ...data, at: await store.sizeOf(data.id) }
    } else if (upload && upload.at + frame.length <= upload.size) {
      await store.write(upload.id, upload.at, frame)
      upload.at += frame.length
    }
    if (upload && (!isBinary || upload.at === upload.size))
      socket.send(JSON.stringify({ type: 'upload-at', data: upload.at }))
  }

  socket.on('error', () => socket.terminate())
  socket.on('message', (frame: Buffer, isBinary) => {
    // Nothing more is read until this frame is stored: meanwhile TCP holds the sender back.
    socket.pause()
    waiting += 1
    work = work
      .then(() => take(frame, isBinary))
      .catch(() => socket.terminate())
      .finally(() => --waiting || socket.resume())
  })
}
