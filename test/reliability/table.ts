/** The table that the script prints and that stands in the document. */
import { formatColumns } from '../checks/markdown-table.ts'
import type { Library } from './libraries.ts'

export interface Row {
  readonly scenario: string
  readonly measure: string
  /** One for each library, in their order. */
  readonly cells: readonly string[]
}

/** Markdown with aligned columns. A scenario's name stands in the first of its rows. */
export function formatTable(libraries: readonly Library[], rows: readonly Row[]): string {
  const head = ['what happens', 'measured', ...libraries.map(({ name }) => name)]
  const body = rows.map(({ scenario, measure, cells }, index) => [
    scenario === rows[index - 1]?.scenario ? '' : scenario,
    measure,
    ...cells,
  ])
  return formatColumns(head, body)
}

/** Which version of each was measured, in one line. */
export function formatVersions(libraries: readonly Library[]): string {
  const versions = new Map(libraries.map(({ name, version }) => [name.replace(/,.*/, ''), version]))
  return `Measured: ${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')}.`
}
