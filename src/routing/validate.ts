/**
 * Holds payloads against the schemas of their events. A validator may be asynchronous: whatever arrives meanwhile waits
 * in line behind it, so that the order of arrival stays the order of delivery.
 */
import { mustBeFunction, RealtimeError } from '../errors.ts'
import type { Meta } from '../realtime-client.ts'
import type { StandardResult, StandardSchemaV1 } from '../standard-schema.ts'

export interface Validation {
  /** Delivers the payload as its schema has made it, or tells why not: at once, where there is nothing to wait for. */
  run(data: unknown, meta: Meta): void
  /** Forgets the messages in line. Returns how many there were. */
  empty(): number
}

/** `arrive` runs in a turn what is delivered later than it has arrived. */
export function createValidation(
  schemas: { readonly [event: string]: StandardSchemaV1 | undefined },
  arrive: (task: () => void) => void,
  deliver: (data: unknown, meta: Meta) => void,
  failed: (error: RealtimeError) => void,
): Validation {
  // A Map, since `constructor` is a name like any other.
  const validators = new Map(Object.entries(schemas))
  for (const [event, schema] of validators) {
    // A schema that is undefined is none.
    if (schema !== undefined) mustBeFunction(schema?.['~standard']?.validate, `schemas.${event}['~standard'].validate`)
  }

  const line = new Set<Meta>()
  /** Resolves when the last one in line has had its turn. */
  let last: Promise<void> | undefined

  /** An answer with neither issues nor a value counts as a rejection. */
  function conclude(result: StandardResult, meta: Meta): void {
    const { issues, value } = result
    if (issues || !('value' in result))
      failed(new RealtimeError('invalid', `${meta.event}: rejected by its schema.`, { cause: issues }))
    else deliver(value, meta)
  }

  return {
    run(data, meta) {
      const schema = validators.get(meta.event)
      if (!schema && !line.size) return deliver(data, meta)

      const isFirst = !line.size
      // Before the validator, which may close the client.
      line.add(meta)
      let verdict: StandardResult & Partial<Promise<StandardResult>>
      try {
        verdict = Object(schema ? schema['~standard'].validate(data) : { value: data })
      } catch (cause) {
        verdict = { issues: [cause] }
      }
      if (isFirst && !verdict.then) {
        if (line.delete(meta)) conclude(verdict, meta)
        return
      }

      last = Promise.allSettled([verdict, last]).then(([settled]) =>
        arrive(() => {
          const { value, reason } = settled as Partial<PromiseFulfilledResult<StandardResult> & PromiseRejectedResult>
          if (line.delete(meta)) conclude(Object(value ?? { issues: [reason] }), meta)
        }),
      )
    },
    empty() {
      const { size } = line
      line.clear()
      last = undefined
      return size
    },
  }
}
