import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, findChromium } from './test/browser/chromium.ts'

const chromium = findChromium()
const unitExcludes = ['test/**/*.browser.test.ts', 'test/{browser,package,servers,everywhere}/**']
const source = (module: string) => new URL(`./src/${module}.ts`, import.meta.url).pathname
/** What measures memory and time takes seconds, which is too long for every change. */
const measuring = [
  'test/servers/backpressure.test.ts',
  'test/sse/{hostile-memory,linear-time,kept-ids}.test.ts',
  'test/delivery/queue-{speed,memory}.test.ts',
  'test/routing/iterator-cost.test.ts',
]
const built = (entry: string) => new URL(`./dist/${entry}.js`, import.meta.url).pathname

export default defineConfig({
  test: {
    // What fails by it hangs: no machine is so busy that it takes as long.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...unitExcludes, ...measuring],
          // No test leaves anything behind, so that files can share a process: three times as fast.
          isolate: false,
          environment: 'node',
        },
      },
      {
        // The unit tests once more, against the files that users get.
        extends: true,
        resolve: {
          alias: [
            { find: /^.*\/src\/testing\/index\.ts$/, replacement: built('testing') },
            { find: /^.*\/src\/sse\/index\.ts$/, replacement: built('sse') },
            { find: /^.*\/src\/cross-tab\/index\.ts$/, replacement: built('cross-tab') },
            { find: /^.*\/src\/store\/index\.ts$/, replacement: built('store') },
            { find: /^.*\/src\/(index|client|errors|codecs\/.*|transports\/.*)\.ts$/, replacement: built('index') },
          ],
        },
        test: {
          name: 'built',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...unitExcludes,
            // What is measured is measured in a process of its own.
            ...measuring,
            'test/structure/**',
            'test/checks/**',
            'test/release/**',
            'test/environment*',
            'test/**/machine.test.ts',
          ],
          isolate: false,
          environment: 'node',
        },
      },
      {
        extends: true,
        // The recipes of the docs import the package by its name.
        resolve: {
          alias: [
            { find: /^holdfast$/, replacement: source('index') },
            { find: /^holdfast\/sse$/, replacement: source('sse/index') },
            { find: /^holdfast\/cross-tab$/, replacement: source('cross-tab/index') },
            { find: /^holdfast\/store$/, replacement: source('store/index') },
            { find: /^holdfast\/testing$/, replacement: source('testing/index') },
          ],
        },
        test: {
          name: 'servers',
          include: ['test/servers/**/*.test.ts', 'docs/recipes/**/*.test.ts'],
          exclude: measuring,
          environment: 'node',
        },
      },
      { extends: true, test: { name: 'measures', include: measuring, environment: 'node' } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: './test/servers/global-setup.ts',
          api: { host: '127.0.0.1' },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(chromium && { executablePath: chromium }), args: chromiumArguments },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      ...[
        {
          name: 'pages',
          include: ['test/browser/**/*.test.ts'],
          exclude: ['test/**/*.browser.test.ts', 'test/browser/gallery/**'],
        },
        { name: 'gallery', include: ['test/browser/gallery/**/*.test.ts'] },
      ].map((pages) => ({
        extends: true as const,
        test: { ...pages, environment: 'node' as const, testTimeout: 120_000, hookTimeout: 120_000 },
      })),
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      // `npm run test:everywhere`.
      ...['bundlers', 'engines', 'bindings', 'backends'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/everywhere/${name}/**/*.test.ts`],
          globalSetup: ['bundlers', 'bindings'].includes(name) ? './test/everywhere/bundlers/pack-once.ts' : [],
          environment: 'node' as const,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      })),
    ],
  },
})
