import { defineConfig } from 'tsup'

const shared = { target: 'es2022', sourcemap: true, platform: 'browser' } as const

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
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
