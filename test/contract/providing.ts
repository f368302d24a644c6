/** What a provider of a URL may do, well or badly. */
import type { Transport } from '../../src/transport.ts'
import type { Circumstance } from './circumstances.ts'

/** Ways to fail with a cause, by name. */
export const failures: readonly (readonly [string, (cause: unknown) => Promise<string>])[] = [
  [
    'throws',
    (cause) => {
      throw cause
    },
  ],
  ['rejects', (cause) => Promise.reject(cause)],
]

/** Answers that are no URL to dial, by name. */
export const badUrls: readonly (readonly [string, unknown])[] = [
  ['a URL that cannot be read', 'ws://[s3cret'],
  ['a wrong scheme', 'ftp://s3cret/'],
  ['no URL', undefined],
  ['something that is no URL', { token: 's3cret' }],
]

/** A transport to the peer whose URL comes from `provide`. */
export function provided(
  { provided: make }: Circumstance,
  provide: Parameters<NonNullable<Circumstance['provided']>>[0],
): Transport {
  if (!make) throw new Error('This transport takes no URL.')
  return make(provide)
}

/** A promise that a test settles by hand. */
export function later<T>(): { readonly promise: Promise<T>; resolve(value: T): void; reject(cause: unknown): void } {
  let resolve: (value: T) => void = () => {}
  let reject: (cause: unknown) => void = () => {}
  const promise = new Promise<T>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}
