import { givenOpen } from '../circumstances.ts'
import { number, slowSchema, written } from './schemas.ts'

/** A client with a slow schema for 'slow', and others; everything it delivers and tells, in order. */
export function givenLine(options: Parameters<typeof givenOpen>[0] = {}) {
  const { slow, question } = slowSchema()
  const all = givenOpen({ schemas: { slow, number, written }, ...options })
  const heard: unknown[] = []
  all.client.onAny((data) => heard.push(data))
  all.client.onError(({ code }) => heard.push(code))
  return { ...all, question, heard }
}
