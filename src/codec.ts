/** The contract between frames, which transports carry, and messages, which applications hear. Types only. */

/** What goes over the wire in one piece. */
export type Frame = string | ArrayBuffer | ArrayBufferView

/** One frame as a transport hands it over. */
export interface Inbound {
  /** Text, or bytes where the frame was binary. */
  readonly data: string | ArrayBuffer
  /** SSE `event:`, absent on WebSocket. */
  readonly event?: string | undefined
  /** SSE: the stream's last event id as of this frame. */
  readonly id?: string | undefined
  /** SSE: the id is that of an earlier frame, since this one names none: for `dedupe` this frame is no repetition. */
  readonly isHeld?: boolean | undefined
}

/** One message as listeners hear it. */
export interface Message {
  /** Name of the event, an opaque key. */
  readonly event: string
  /** The payload; `undefined` where there is none. */
  readonly data: unknown
  /** Where a resume goes on from: it becomes `lastEventId`, which stays as it is where there is none. */
  readonly id?: string | undefined
}

/** Reads and writes frames. Stateless, so that clients can share one. */
export interface Codec {
  /** `undefined` = not for the application (a pong, an ack). Throws on a malformed frame, which costs that frame only. */
  decode(frame: Inbound): Message | undefined
  /** Throws, out of `send()`, for what it cannot write. */
  encode(message: Message): Frame
}
