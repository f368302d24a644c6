/** Where a tab is in the stream that all tabs share, and what of it its client gets: nothing that the client has had before. */
import type { LinkObserver, LinkRequest } from '../transport.ts'
import type { History } from './history.ts'
import type { Entry, Position } from './messages.ts'

/** What outlives a link. */
export interface StreamMemory {
  readonly past: History
  /** Of a leader whose link began further back, for another tab: what its client has already. Until that comes by, the client gets nothing. */
  resumeAt?: Position | undefined
}

export interface Stream {
  /** Behind what the client has. */
  readonly at: Position
  /** The newest number, and the last id as of it. A leader that goes back is behind its client with them. */
  readonly seq: number
  readonly lastId: string
  take(entry: Entry, receivedAt?: number): void
  /** This is where the client is, under a name that others know. */
  moveTo(at: Position): void
  /** From here it all comes, until it comes to where the client is. */
  goBack(at: Position): void
}

export function createStream(memory: StreamMemory, request: LinkRequest, observer: LinkObserver): Stream {
  const { past: history } = memory

  const stream: Stream = {
    get at() {
      return memory.resumeAt ?? [history.newest?.[0] ?? -1, stream.seq, stream.lastId]
    },
    get seq() {
      return history.newest?.[1] ?? -1
    },
    get lastId() {
      return history.newest?.[2] || request.lastEventId
    },
    take(entry, receivedAt) {
      // Another link: an id like that of the entry before it is a repetition now.
      if (history.newest?.[0] !== entry[0]) observer.alive(null)
      history.add(entry)
      const { resumeAt } = memory
      const [, , id, frame] = entry
      // Nothing tells whether the client has had it, and a handshake may wait for it.
      if (resumeAt && frame?.isHeld) observer.received({ ...frame, id: resumeAt[2] }, receivedAt)
      else if (resumeAt && id) {
        if (id === resumeAt[2]) memory.resumeAt = undefined
      } else {
        // Rather a repetition than nothing for ever.
        memory.resumeAt = undefined
        if (frame) observer.received(frame, receivedAt)
        else observer.alive(id)
      }
      // Inside a frame only the codec finds it.
      entry[2] ||= request.lastEventId
    },
    moveTo(at) {
      memory.resumeAt = undefined
      history.endAt(at)
      if (!request.lastEventId) observer.alive(at[2])
    },
    goBack(at) {
      const from = stream.at
      // Without an id there is nothing by which to know the place again.
      memory.resumeAt = from[2] && from[2] !== at[2] ? from : undefined
      history.endAt(at)
    },
  }
  return stream
}
