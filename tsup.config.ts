import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { minify } from 'terser'
import { defineConfig, type Options } from 'tsup'

/**
 * Names of properties that no user's object ever has: the build shortens them. What crosses the public contract
 * (transports, links, codecs, environments, options, states) keeps its names.
 */
const internalNames =
  /^(act|repeats|arrive|bytes|changed|check|count|decide|deliver|details|dispatch|empty|face|failed|feed|finalFailure|flight|flush|frame|goOn|hand|heard|hold|hurry|expiresAt|wasOpen|refusal|peek|posts|isOffline|judge|maxBufferSize|onEvent|onId|run|write|arm|listener|names|pause|remove|settle|since|startAfresh|streamRetry|suspend|takes|tell|tick|watch|resumeAt|seq|lastId|moveTo|goBack|endAt|newest|outbox|asked|taken|past|confirm|offer|oldest|silence|audible|age|took|best|key)$/

/** Beginning with `!`, so that users' bundlers keep it too: one line is what they get of the notice. */
const notice = '/*! eventsource-parser, (c) Espen Hovlandsdal, MIT */'

/**
 * What of eventsource-parser is never called here: its reports of junk, for which nobody listens, `reset`, the checks of its
 * own arguments, what it puts back in order after an overflow, since it is not used any more then, and its search for a byte
 * order mark, since the first that it is fed is one of ours. A tenth of what a page loads for a stream. A version in which one
 * of these is not found stops the build.
 */
const unused: readonly (readonly [found: RegExp, times: number, instead: string])[] = [
  [/^import \{ ParseError } from .*$/gm, 1, ''],
  [/onError === null \|\| onError === void 0 \? void 0 : onError\(new ParseError\([\s\S]*?}\)\);/g, 3, ''],
  [/ {4}if \(typeof config === 'function'\) \{[\s\S]*?\n {4}}\n/g, 1, ''],
  [/ {4}function reset\([\s\S]*?\n {4}}\n/g, 1, ''],
  [/return \{ feed, reset };/g, 1, 'return { feed };'],
  [/'Cannot feed parser: .*'/g, 1, "'over maxBufferSize'"],
  [/ onError,/g, 1, ''],
  [
    /if \(terminated\)\n[\s\S]*?terminated = true;[\s\S]*?return true;/g,
    1,
    'return (terminated ||= pendingFragmentsLength + data.length > maxBufferSize);',
  ],
  [/const trailing = (processLines\(chunk\));\n.*\n.*\n.*}/g, 1, 'storeTrailing($1);'],
  [/ {12}default:\n.*\n.*\n {16}break;\n/g, 1, ''],
  // Not unused, but shorter: what begins as a field does is kept until its line ends, and longer junk is not, or it would be too large.
  [/(?<=!!onComment\) \|\|)[\s\S]*?'retry'\)\)\)/g, 1, '/^(data|event|id|retry):|^.{0,5}$/.test(trailing))'],
  [/chunk = bomPrefix \+ chunk;[\s\S]*?bomPrefix = undefined;[\s\S]*?, ''\);/g, 1, 'bomPrefix = undefined; return;'],
]

const leanParser: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lean-parser',
  setup(build) {
    build.onLoad({ filter: /eventsource-parser[\\/]dist[\\/]parse\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8')
      for (const [found, times, instead] of unused) {
        if (contents.match(found)?.length !== times) throw new Error(`${path}: ${found} is not there ${times} times`)
        contents = contents.replace(found, instead)
      }
      // With the parser into whichever file it ends up in, and before its first line, so that the source map stays right.
      return { contents: `${notice} ${contents}`, loader: 'js' }
    })
  },
}

const shared: Options = {
  target: 'es2022',
  sourcemap: true,
  platform: 'browser',
  esbuildPlugins: [leanParser],
  esbuildOptions(options) {
    options.mangleProps = internalNames
    // Where the parser stands, and not in a block of several lines at the end.
    options.legalComments = 'inline'
    // Only here can a constant still be put where it is used: to a user's bundler it is a variable.
    options.minifySyntax = true
  },
}

/** A twentieth smaller than what esbuild makes, which never gives a variable the name of one outside its function. */
const minified: NonNullable<Options['plugins']>[number] = {
  name: 'minified',
  async renderChunk(code, { map: built }) {
    const { code: smaller, map } = await minify(code, {
      ecma: 2020,
      compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
      // Led back to the sources here: where tsup does it, what esbuild wrapped around them comes from a file of this machine.
      sourceMap: { content: built as string },
    })
    return { code: `${smaller}\n`, map: map ?? null }
  },
}

/** Beside the file, and with every build anew, so that it cannot be that of another: https://www.w3.org/TR/SRI/ */
function writeIntegrity(path: string): void {
  const hash = createHash('sha384').update(readFileSync(path)).digest('base64')
  writeFileSync(`${path}.sri`, `sha384-${hash}\n`)
}

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      'cross-tab': 'src/cross-tab/index.ts',
      sse: 'src/sse/index.ts',
      store: 'src/store/index.ts',
      testing: 'src/testing/index.ts',
    },
    format: 'esm',
    dts: true,
    splitting: true,
    clean: true,
  },
  {
    ...shared,
    entry: { holdfast: 'src/global.ts' },
    format: 'iife',
    plugins: [minified],
    outExtension: () => ({ js: '.global.js' }),
    async onSuccess() {
      writeIntegrity('dist/holdfast.global.js')
    },
  },
])
