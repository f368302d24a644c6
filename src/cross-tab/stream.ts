/** Where a tab is in the stream that all tabs share, and which part of that its client gets: nothing that it has had before. */
import type { LinkObserver, LinkRequest } from '../transport.ts'
import type { History } from './history.ts'
import type { Entry, Position } from './messages.ts'

/** What outlives a link. */
export interface StreamMemory {
  readonly past: History
  /** Of a leader whose link has begun further back, for another tab: where its own client is. Until that place comes by, the client gets nothing. */
  resumeAt?: Position | undefined
}

export interface Stream {
  /** Where the client is: behind the last entry that it has. */
  readonly at: Position
  /** The number of the newest entry, and the last id as of that. After `goBack` both are behind the client. */
  readonly seq: number
  readonly lastId: string
  take(entry: Entry, receivedAt?: number): void
  /** This is where the client is, under a name that others know. */
  moveTo(at: Position): void
  /** The link begins here. Where that is further back, the client gets nothing until the link comes to where the client is. */
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
      // Without an id of its own, nothing tells whether the client has had it, and a handshake may wait for it.
      if (resumeAt && frame?.isHeld) observer.received({ ...frame, id: resumeAt[2] }, receivedAt)
      else if (resumeAt && id) {
        if (id === resumeAt[2]) memory.resumeAt = undefined
      } else {
        // Where entries have no ids, that place never comes by: rather repetitions than nothing for ever.
        memory.resumeAt = undefined
        if (frame) observer.received(frame, receivedAt)
        else observer.alive(id)
      }
      // Where the id is inside the frame, the codec has read it by now.
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
