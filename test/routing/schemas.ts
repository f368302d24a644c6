/** Schemas whose validators are the test's own. */
import type { StandardSchemaV1 } from '../../src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: what it makes of a payload is the test's
export function schema(validate: (value: unknown) => unknown): StandardSchemaV1<unknown, any> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

export const issues = [{ message: 'not a number', path: ['price'] }]

/** Takes numbers. */
export const number = schema((value) => (typeof value === 'number' ? { value } : { issues }))
/** Takes anything, and makes a text of it. */
export const written = schema((value) => ({ value: `written ${value}` }))

interface Question {
  readonly value: unknown
  /** Says that the value fits; what is given here takes its place. */
  accept(value?: unknown): void
  reject(): void
  fail(cause: unknown): void
}

/** A schema that says nothing until the test does: its questions, oldest first. */
export function slowSchema() {
  const questions: Question[] = []
  const validate = (value: unknown) =>
    new Promise((resolve, reject) => {
      questions.push({
        value,
        accept: (...[accepted = value]) => resolve({ value: accepted }),
        reject: () => resolve({ issues }),
        fail: reject,
      })
    })
  const question = (index: number) => {
    const asked = questions[index]
    if (!asked) throw new Error(`Only ${questions.length} were asked.`)
    return asked
  }
  return { slow: schema(validate), question, questions }
}
