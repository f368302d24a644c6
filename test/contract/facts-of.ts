/** What an error says about the end of a link, without what it leaves out. */
import type { RealtimeError } from '../../src/errors.ts'
import type { Facts } from './circumstances.ts'

export function factsOf({ code, status, closeCode, closeReason, wasClean, retryAfter }: RealtimeError): Facts {
  const facts = Object.entries({ code, status, closeCode, closeReason, wasClean, retryAfter })
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined)) as unknown as Facts
}

/** Everything that an error tells whoever prints it. */
export function told(error: RealtimeError | undefined): string {
  return `${error?.stack} ${JSON.stringify(error)} ${error?.cause}`
}
