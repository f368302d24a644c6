/** A transport that counts what it takes and keeps nothing of it, with the newest link in the hands of the test. */
import type { DuplexTransport, LinkObserver } from '../../src/index.ts'

export interface CountingTransport extends DuplexTransport {
  readonly taken: number
  readonly newest: LinkObserver
}

export function countingTransport(): CountingTransport {
  let observer: LinkObserver | undefined
  let taken = 0

  return {
    name: 'counting',
    duplex: true,
    open(_, asked) {
      observer = asked
      return {
        send() {
          taken += 1
        },
        close() {},
      }
    },
    get taken() {
      return taken
    },
    get newest() {
      if (!observer) throw new Error('No link was asked for.')
      return observer
    },
  }
}
