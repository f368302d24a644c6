import { expect, test } from 'vitest'
import { readFiles } from './files.ts'
import { findCitations, judgeRules } from './rules.ts'

const behavior = `
# What holdfast must do

- **TR1** \`open\` never throws.
- **CN4** Events from a replaced link are ignored,
  however late. See CN5.
- **CN5** \`connect()\` during a wait dials now.
- **RS3** An overlap is delivered once.

## Gaps

| rule | missing |
| --- | --- |
| RS3 | deduplication |
| TR1 | in part: fetchStream |

## Words

| word | meaning |
| --- | --- |
| link | one socket |
`
const tests = {
  'test/contract.test.ts': "describe('contract', () => { test('[TR1] open never throws', run) })",
  'test/life.test.ts': `test.each(ways)(\`[CN4][CN5] a link replaced by \${way} is not heard\`, run)`,
}

function judge(changes: { behavior?: string; tests?: Readonly<Record<string, string>> } = {}): readonly string[] {
  return judgeRules(changes.behavior ?? behavior, new Map(Object.entries({ ...tests, ...changes.tests })))
}

test('every rule of docs/behavior.md has a test, and every test cites a rule', () => {
  const document = readFiles('docs/behavior.md').get('docs/behavior.md')

  expect(document, 'docs/behavior.md').toMatch(/^- \*\*CN1\*\* /m)
  expect(judgeRules(document ?? '', readFiles('test/**/*.ts'))).toEqual([])
})

test('rules, gaps and tests that agree have nothing wrong', () => {
  expect(judge()).toEqual([])
})

test('a rule without a test is found', () => {
  expect(judge({ tests: { 'test/life.test.ts': "test('[CN4] one', run)" } })).toEqual(['CN5 has no test'])
})

test('a rule built in part needs a test', () => {
  expect(judge({ tests: { 'test/contract.test.ts': '' } })).toEqual(['TR1 has no test'])
})

test('a test that cites an unknown rule is found', () => {
  const found = judge({ tests: { 'test/x.test.ts': "test('[CN99] it dials', run)" } })

  expect(found).toEqual(['CN99 is no rule, but test/x.test.ts cites it'])
})

test('a test of a rule that is a gap as a whole is found', () => {
  const found = judge({ tests: { 'test/x.test.ts': "test('[RS3] once', run)" } })

  expect(found).toEqual(['RS3 is a gap, but test/x.test.ts cites it: say "in part:", or take it out'])
})

test('a gap that names no rule is found', () => {
  expect(judge({ behavior: behavior.replace('| RS3 |', '| RS9 | all of it |\n| RS3 |') })).toEqual([
    'RS9 is among the gaps and no rule',
  ])
})

test('a gap that is listed twice is found', () => {
  expect(judge({ behavior: behavior.replace('| RS3 |', '| RS3 | again |\n| RS3 |') })).toEqual([
    'RS3 is twice among the gaps',
  ])
})

test('a rule that is defined twice is found', () => {
  expect(judge({ behavior: `- **CN4** The same again.\n${behavior}` })).toEqual(['CN4 is defined twice'])
})

test('a rule with a prefix of its own is found', () => {
  const changed = { behavior: `- **ZZ1** New.\n${behavior}`, tests: { 'test/x.test.ts': "test('[ZZ1] new', run)" } }

  expect(judge(changed)).toEqual(['ZZ1 has a prefix that is not in use'])
})

test('a skipped test proves nothing', () => {
  const skipped = {
    'test/life.test.ts': "test.skip('[CN4] one', run); describe.skip('all', () => test('[CN5] two', run))",
  }

  expect(judge({ tests: skipped })).toEqual(['CN4 has no test', 'CN5 has no test'])
})

test('a test skipped on a condition counts', () => {
  expect(judge({ tests: { 'test/life.test.ts': "test.skipIf(old)('[CN4][CN5] both', run)" } })).toEqual([])
})

test('only ids at the start of a string are citations', () => {
  const source = "const a = 'see [CN4]' // '[CN5] no'\ntest('connects [TR1]', run); test('[CN4] yes', run)"

  expect(findCitations(new Map([['test/x.test.ts', source]]))).toEqual(new Map([['CN4', ['test/x.test.ts']]]))
})
