/** The tables that the script prints and that stand in the document. */
import { type Case, type Column, columns, type Group } from './case.ts'
import { formatAddresses, linkTo } from './clauses.ts'
import type { Verdict } from './judge.ts'
import { nameOf, type Reason, reasons } from './reasons.ts'

export type Verdicts = ReadonlyMap<Case, Partial<Record<Column, Verdict>>>

const titles = { node: '`fetchStream`, Node', page: '`fetchStream`, Chromium', native: '`eventSource`, Chromium' }

/** Markdown: the sums, one table for each group, and what the differences are. */
export function formatDocument(groups: readonly Group[], verdicts: Verdicts): string {
  const sections = groups.map(({ title, cases }) => {
    const head = ['what happens', 'clause', ...columns.map((column) => titles[column])]
    const rows = cases.map((one) => [
      one.name,
      linkTo(one.clause),
      ...columns.map((column) => cellOf(verdicts.get(one)?.[column])),
    ])
    return `### ${title}\n\n${formatTable([head, ...rows])}`
  })
  const differences = `### The differences\n\n${formatReasons(verdicts)}`
  return [formatSums(groups, verdicts), ...sections, differences, formatAddresses()].join('\n\n')
}

function formatSums(groups: readonly Group[], verdicts: Verdicts): string {
  const all = groups.flatMap(({ cases }) => cases.map((one) => verdicts.get(one)))
  const count = (column: Column, is: Verdict['is']) => `${all.filter((one) => one?.[column]?.is === is).length}`
  const rows = columns.map((column) => [
    titles[column],
    count(column, 'as the standard says'),
    count(column, 'different'),
  ])
  return formatTable([[`${all.length} cases`, 'as the standard says', 'different'], ...rows])
}

function cellOf(verdict: Verdict | undefined): string {
  if (verdict?.is === 'as the standard says') return '✓'
  if (verdict?.is === 'different') return nameOf(verdict.because)
  return verdict ? '**unexpected**' : 'not run'
}

function formatReasons(verdicts: Verdicts): string {
  const used = new Set([...verdicts.values()].flatMap((row) => Object.values(row).map(reasonOf)))
  const names = (Object.keys(reasons) as Reason[]).filter((reason) => used.has(reason))
  return names.map((reason) => `- **${nameOf(reason)}**: ${reasons[reason][1]}`).join('\n')
}

function reasonOf(verdict: Verdict): Reason | undefined {
  return verdict.is === 'different' ? verdict.because : undefined
}

function formatTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.replaceAll('|', '\\|').padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
