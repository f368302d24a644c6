/** A link that has much to send, and promises that are watched. */
import { givenOpen } from '../circumstances.ts'

type Client = ReturnType<typeof givenOpen>['client']

/** What has become of the promise so far: undefined while it waits. */
export function watch(promise: Promise<void>): { readonly outcome: unknown } {
  const seen: { outcome: unknown } = { outcome: undefined }
  promise.then(
    () => {
      seen.outcome = 'resolved'
    },
    (error) => {
      seen.outcome = error
    },
  )
  return seen
}

/** An open client whose link has so many bytes still to send. */
export function givenBehind(bytes = 1000) {
  const all = givenOpen()
  const idle = all.environment.held
  all.link().bufferedAmount = bytes
  return { ...all, idle, drain: (options?: Parameters<Client['drained']>[0]) => watch(all.client.drained(options)) }
}
