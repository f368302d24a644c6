/** Channels that can be made deaf and dumb, as those of a tab that hangs: what comes meanwhile waits, and comes when it wakes. */
import { type TestContext, vi } from 'vitest'

type Listener = (event: MessageEvent) => void

export interface DeafChannel {
  hang(): void
  wake(): void
}

/** From here on, in the order in which tabs open. */
export function useDeafChannels(test: TestContext): readonly DeafChannel[] {
  const channels: DeafChannel[] = []
  const Platform = BroadcastChannel

  class Channel {
    readonly #real: BroadcastChannel
    readonly #waiting: MessageEvent[] = []
    #hangs = false
    onmessage: Listener = () => {}

    constructor(name: string) {
      this.#real = new Platform(name)
      this.#real.onmessage = (event) => {
        if (this.#hangs) this.#waiting.push(event as MessageEvent)
        else this.onmessage(event as MessageEvent)
      }
      channels.push(this)
    }
    postMessage(data: unknown) {
      if (!this.#hangs) this.#real.postMessage(data)
    }
    close() {
      this.#real.close()
    }
    hang() {
      this.#hangs = true
    }
    wake() {
      this.#hangs = false
      for (const event of this.#waiting.splice(0)) this.onmessage(event)
    }
  }

  vi.stubGlobal('BroadcastChannel', Channel)
  test.onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return channels
}
