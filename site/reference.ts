/** The API reference: Markdown of the docstrings of the built declarations, one page for each exported name. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Application, Logger, LogLevel } from 'typedoc'

interface Entry {
  readonly types: string
}

/** Writes into `out`; resolves with what TypeDoc has to complain about: a name without a docstring, a link to nothing. */
export async function writeReference(root: string, out: string): Promise<readonly string[]> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.entries<Entry | string>(exports).flatMap(([path, entry]) =>
    typeof entry === 'string' ? [] : [{ name: `holdfast${path.slice(1)}`, types: join(root, entry.types) }],
  )
  /** TypeDoc calls an entry after its file, its users after what they import. */
  const names = new Map(entries.map(({ name, types }) => [basename(types, '.d.ts'), name]))
  const complaints: string[] = []
  const app = await Application.bootstrapWithPlugins({
    name: 'Reference',
    entryPoints: entries.map(({ types }) => types),
    out,
    tsconfig: join(root, 'site', 'tsconfig.reference.json'),
    plugin: ['typedoc-plugin-markdown'],
    readme: 'none',
    disableSources: true,
    disableGit: true,
    sortEntryPoints: false,
    sort: ['source-order'],
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    // A helper of `PageEvent`, and `keyof Events & string`: nobody has to name them.
    intentionallyNotExported: ['pageEvents', 'Name'],
    // Options of the plugin.
    ...{
      entryFileName: 'index',
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      expandObjects: true,
      parametersFormat: 'table',
      propertiesFormat: 'list',
      useHTMLEncodedBrackets: true,
      sanitizeComments: true,
    },
  })

  app.logger = new Complaints(complaints)
  const project = await app.convert()
  if (project === undefined) return ['TypeDoc could not read the declarations: build first', ...complaints]
  for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name
  app.validate(project)
  await app.generateOutputs(project)
  return complaints
}

/** A warning ends no run of TypeDoc; here each is a problem of the site. */
class Complaints extends Logger {
  readonly complaints: string[]

  constructor(complaints: string[]) {
    super()
    this.complaints = complaints
  }

  override log(message: string, level: LogLevel): void {
    // What a literal type has in it is told by the comment over the whole.
    const isInLiteral = /\.__type\.\S+ .*does not have any documentation$/.test(message)
    if (level >= LogLevel.Warn && !isInLiteral) this.complaints.push(message)
  }
}
