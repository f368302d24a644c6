/** Something that no error may show, wherever one looks. */
import { inspect } from 'node:util'
import { expect } from 'vitest'
import type { RealtimeError } from '../../src/index.ts'

export const secret = 'S3cr3tT0k3n'

/** Looks everywhere where a logger or a developer might find it, the causes of causes included. */
export function expectNoSecret(error: unknown): void {
  const { message, hint, stack, cause, closeReason } = error as RealtimeError
  const shown = { message, hint, stack, closeReason, cause: inspect(cause, { depth: null, showHidden: true }) }

  for (const [where, text] of Object.entries(shown)) expect(text ?? '', where).not.toContain(secret)
  expect(JSON.stringify(error)).not.toContain(secret)
  expect(`${error}`).not.toContain(secret)
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret)
}

export function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('It did not throw.')
}
