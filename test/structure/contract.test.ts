import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const types = join(import.meta.dirname, '..', 'types')
const original = join(import.meta.dirname, '..', '..', '..', 'shared', 'design', 'api.d.ts')

test('the copy of the public contract is the contract', ({ skip }) => {
  skip(!existsSync(original), 'the original is not on this machine')

  expect(readFileSync(join(types, 'api.d.ts'), 'utf8')).toBe(readFileSync(original, 'utf8'))
})
