/** What every contender of the benchmark in a page is: one way to one server. Each is bundled by itself, as a page would have it. */

/** The payload of every message. */
export interface Tick {
  readonly index: number
  readonly text: string
}

export interface Channel {
  readonly name: string
  /** Resolves when it is open. From then on `listener` is called with each message's payload, parsed. */
  open(url: string, listener: (data: Tick) => void): Promise<Connection>
}

export interface Connection {
  /** Absent where nothing can be sent. */
  send?(data: Tick): void
  close(): void
}

/** What carries the payload on a WebSocket. */
export interface Envelope {
  readonly type: 'tick'
  readonly data: Tick
}
