import { expect, test } from 'vitest'
import { given } from '../circumstances.ts'

test.fails("[SQ3] `send` does not say 'queued' of what is dropped before it returns", () => {
  const { client, told } = given()
  const result = client.send('a', 1, { ttl: 0 })
  expect(told.codes).toEqual(['expired'])

  expect(result).toBe('dropped')
})
