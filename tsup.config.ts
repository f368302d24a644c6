import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

/**
 * Names of properties that no user's object ever has: the build shortens them. What crosses the public contract
 * (transports, links, codecs, environments, options, states) keeps its names.
 */
const internalNames =
  /^(act|arrive|bytes|changed|check|count|decide|deliver|dispatch|face|failed|finalFailure|flush|frame|goOn|hand|heard|hold|isOffline|judge|run|write|arm|listener|names|remove|settle|since|startAfresh|streamRetry|suspend|takes|tell|tick|watch)$/

/** Beginning with `!`, so that users' bundlers keep it too: one line is what they get of the notice. */
const notice = '/*! eventsource-parser, (c) Espen Hovlandsdal, MIT: THIRD-PARTY-LICENSES.txt */'

/** Goes with the parser into whichever file that ends up in, and into no other. */
const parserNotice: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'parser-notice',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]eventsource-parser[\\/]dist[\\/]parse\.js$/ }, ({ path }) => ({
      // In front of the first line, so that the lines of the source map stay right.
      contents: `${notice} ${readFileSync(path, 'utf8')}`,
    }))
  },
}

const shared: Options = {
  target: 'es2022',
  sourcemap: true,
  platform: 'browser',
  esbuildPlugins: [parserNotice],
  esbuildOptions(options) {
    options.mangleProps = internalNames
    // Where the parser stands, and not in a block of several lines at the end.
    options.legalComments = 'inline'
  },
}

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', sse: 'src/sse/index.ts', testing: 'src/testing/index.ts' },
    format: 'esm',
    dts: true,
    splitting: true,
    clean: true,
  },
  {
    ...shared,
    entry: { holdfast: 'src/global.ts' },
    format: 'iife',
    globalName: 'Holdfast',
    minify: true,
    outExtension: () => ({ js: '.global.js' }),
  },
])
