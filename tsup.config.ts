import { defineConfig, type Options } from 'tsup'

/**
 * Names of properties that no user's object ever has: the build shortens them. What crosses the public contract
 * (transports, links, codecs, environments, options, states) keeps its names.
 */
const internalNames =
  /^(act|arrive|bytes|changed|check|count|decide|deliver|dispatch|face|failed|finalFailure|flush|frame|goOn|hand|heard|hold|isOffline|judge|run|write|arm|listener|names|remove|settle|since|startAfresh|streamRetry|suspend|takes|tell|tick|watch)$/

const shared: Options = {
  target: 'es2022',
  sourcemap: true,
  platform: 'browser',
  esbuildOptions(options) {
    options.mangleProps = internalNames
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
