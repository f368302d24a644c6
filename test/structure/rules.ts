/** Holds the rules of docs/behavior.md against the tests that cite them. Pure functions over texts. */
import ts from 'typescript'
import type { Files } from './files.ts'

const prefixes = 'TR CN HS BO HB LC WS ES FS SS RT CD SQ RS FB UP XT ST PK'.split(' ')

/** What is wrong between the rules, the gaps and the tests, one sentence each. */
export function judgeRules(behavior: string, tests: Files): readonly string[] {
  const sections = behavior.split(/^## /m)
  const gapTable = sections.find((section) => section.startsWith('Gaps\n')) ?? ''
  const rules = sections.filter((section) => section !== gapTable).flatMap(findRules)
  const gaps = findGaps(gapTable)
  const cited = findCitations(tests)

  const known = new Set(rules)
  const whole = new Set(gaps.filter(({ partly }) => !partly).map(({ rule }) => rule))
  const found: string[] = []

  for (const rule of repeated(rules)) found.push(`${rule} is defined twice`)
  for (const rule of repeated(gaps.map((gap) => gap.rule))) found.push(`${rule} is twice among the gaps`)
  for (const rule of known) {
    if (!prefixes.includes(rule.slice(0, 2))) found.push(`${rule} has a prefix that is not in use`)
    if (!cited.has(rule) && !whole.has(rule)) found.push(`${rule} has no test`)
  }
  for (const { rule } of gaps) {
    if (!known.has(rule)) found.push(`${rule} is among the gaps and no rule`)
  }
  for (const [rule, files] of cited) {
    if (!known.has(rule)) found.push(`${rule} is no rule, but ${files.join(', ')} cites it`)
    if (whole.has(rule))
      found.push(`${rule} is a gap, but ${files.join(', ')} cites it: say "in part:", or take it out`)
  }
  return found
}

/** The rules that are defined, in order: the bullets that begin with an id in bold. */
function findRules(text: string): readonly string[] {
  return [...text.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, rule = '']) => rule)
}

interface Gap {
  readonly rule: string
  /** Partly built, and what is built has tests. */
  readonly partly: boolean
}

/** The rows of the table of gaps, without its head. */
function findGaps(text: string): readonly Gap[] {
  const rows = [...text.matchAll(/^\|([^|]*)\|([^|]*)/gm)].map(([, rule = '', missing = '']) => [
    rule.trim(),
    missing.trim(),
  ])
  return rows
    .filter(([rule = '']) => rule !== 'rule' && !/^:?-+:?$/.test(rule))
    .map(([rule = '', missing = '']) => ({ rule: rule.replaceAll('*', ''), partly: missing.startsWith('in part:') }))
}

/** Rule → files with a test that cites it: any string that begins with ids in brackets, but for those of skipped tests. */
export function findCitations(tests: Files): ReadonlyMap<string, readonly string[]> {
  const cited = new Map<string, string[]>()
  for (const [path, source] of tests) {
    for (const rule of findCited(path, source)) {
      const files = cited.get(rule) ?? []
      if (!files.includes(path)) cited.set(rule, [...files, path])
    }
  }
  return cited
}

function findCited(path: string, source: string): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) found.push(...idsAtStart(node.text))
    if (!isSkipped(node)) ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest))
  return found
}

/** A test that never runs proves nothing. One that is skipped on a condition, by `skipIf`, counts. */
function isSkipped(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  return ['skip', 'todo'].includes(node.expression.name.text)
}

function idsAtStart(name: string): readonly string[] {
  const [brackets = ''] = /^(\[[A-Z]{2}\d+\])*/.exec(name) ?? []
  return [...brackets.matchAll(/[A-Z]{2}\d+/g)].map(([rule]) => rule)
}

function repeated(rules: readonly string[]): readonly string[] {
  return [...new Set(rules.filter((rule, index) => rules.indexOf(rule) !== index))]
}
