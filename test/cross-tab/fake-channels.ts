/**
 * BroadcastChannel as browsers have it: messages arrive everywhere in the order in which they were posted, whoever posted them. Node's
 * keeps that order for each pair of channels only. A fake channel can also hang, like that of a tab whose main thread is busy: what
 * arrives waits until the channel wakes.
 */
import { vi } from 'vitest'

export interface FakeChannel {
  readonly isClosed: boolean
  onmessage: (event: { readonly data: unknown }) => void
  postMessage(data: unknown): void
  close(): void
  /** From now on what arrives waits, and what is posted is lost. */
  hang(): void
  /** What is posted goes out again, while what has arrived still waits. */
  speak(): void
  wake(): void
}

/** Replaces BroadcastChannel until the test is over. The result lists the channels in the order in which they are made. */
export function useFakeChannels(test: { onTestFinished(end: () => void): unknown }): readonly FakeChannel[] {
  const channels: Channel[] = []

  class Channel implements FakeChannel {
    readonly #group: string
    readonly #waiting: unknown[] = []
    #hangs = false
    #isMute = false
    isClosed = false
    onmessage: FakeChannel['onmessage'] = () => {}

    constructor(group: string) {
      this.#group = group
      channels.push(this)
    }
    postMessage(data: unknown) {
      if (this.isClosed) throw new DOMException('It is closed.', 'InvalidStateError')
      if (this.#isMute) return
      for (const other of channels) {
        if (other === this || other.#group !== this.#group || other.isClosed) continue
        const copy = structuredClone(data)
        setImmediate(() => other.#receive(copy))
      }
    }
    #receive(data: unknown) {
      if (this.isClosed) return
      if (this.#hangs) this.#waiting.push(data)
      else this.onmessage({ data })
    }
    close() {
      this.isClosed = true
    }
    hang() {
      this.#hangs = true
      this.#isMute = true
    }
    speak() {
      this.#isMute = false
    }
    wake() {
      this.#hangs = false
      this.speak()
      for (const data of this.#waiting.splice(0)) this.#receive(data)
    }
  }

  vi.stubGlobal('BroadcastChannel', Channel)
  test.onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return channels
}
