/**
 * WebSocket frames (https://www.rfc-editor.org/rfc/rfc6455#section-5.2) for a server that must not be what is measured: it sends
 * frames that were made before, and of those that come it reads the heads and leaves the rest as it is.
 */

/** A text frame as a server sends it. */
export function encodeFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  if (length > 0xffff) throw new Error('no frame here is that long')
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), payload])
}

const close = 8

/**
 * Takes the bytes of a client as they come, in any pieces, and calls `message` at the end of each message, `closed` at a close
 * frame.
 */
export function createFrameReader(message: () => void, closed: () => void): (chunk: Buffer) => void {
  /** What of the present frame's payload is still to come. */
  let rest = 0
  /** The bytes of a head that is not complete yet. */
  let head: number[] = []
  let isLast = false

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (rest > 0) {
        const step = Math.min(rest, chunk.length - at)
        rest -= step
        at += step
      } else {
        head.push(chunk[at] ?? 0)
        at += 1
        const [first = 0, second = 0] = head
        const short = second & 0x7f
        const extended = short === 126 ? 2 : short === 127 ? 8 : 0
        // Whatever a client sends is masked, with four bytes of its own.
        if (head.length < 2 + extended + 4) continue
        rest = extended ? head.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0) : short
        const kind = first & 0x0f
        if (kind === close) closed()
        isLast = kind < close && first >= 0x80
        head = []
      }
      if (rest > 0 || !isLast) continue
      isLast = false
      message()
    }
  }
}
