/** Every check, in order: the checks of one stage do not disturb each other, the stages run one after another. */
import type { Check } from './check.ts'
import { chromiumCheck, commandCheck, needsChromium, vitestCheck } from './check.ts'

const bin = 'node_modules/.bin'
const typescript = 'node_modules/typescript/bin/tsc'

// Both pack the package; its `prepack` would build it once more, while other checks read `dist`.
const packing = { env: { npm_config_ignore_scripts: 'true' } }

const build = [commandCheck('build', [`${bin}/tsup`])]

/** Version → the folder of node_modules that has it. */
const compilers = [
  ['5.4', 'ts54'],
  ['5.9', 'ts59'],
  ['6', 'typescript'],
  ['7', 'ts7'],
] as const

const declarations = compilers.map(([version, folder]) =>
  commandCheck(`declarations:${version}`, ['test/checks/declarations.ts', folder], {
    proves: `[PK3] the declarations check under TypeScript ${version}`,
  }),
)

const statics = [
  commandCheck('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']),
  commandCheck('types:source', [typescript, '--project', 'tsconfig.json']),
  // Declarations of the tools are not ours to check: tsup's and happy-dom's have errors.
  commandCheck('types:tests', [typescript, '--project', 'test/tsconfig.json', '--skipLibCheck']),
  // What users write, against the contract, the sources and the build.
  commandCheck('types:contract', [typescript, '--project', 'test/types/tsconfig.contract.json']),
  commandCheck('types:usage-source', [typescript, '--project', 'test/types/tsconfig.source.json']),
  commandCheck('types:usage', [typescript, '--project', 'test/types/tsconfig.json']),
  // ArkType's declarations need those of Node, which users may not have: they are not ours to check.
  commandCheck('types:libraries-contract', [typescript, '--project', 'test/types/tsconfig.libraries.contract.json']),
  commandCheck('types:libraries', [typescript, '--project', 'test/types/tsconfig.libraries.json']),
  commandCheck('types:docs', ['test/checks/docs.ts']),
  commandCheck('docs', ['site/build.ts']),
  commandCheck('reliability', ['test/reliability/reliability.ts']),
  commandCheck('size', ['test/checks/size.ts'], { informative: true }),
]

const packed = [
  commandCheck('publint', [`${bin}/publint`, '--strict', '--pack', 'npm'], packing),
  commandCheck('attw', [`${bin}/attw`, '--pack', '.', '--profile', 'esm-only'], packing),
]

const projects = [
  vitestCheck('unit', 2),
  vitestCheck('built', 2),
  vitestCheck('measures'),
  vitestCheck('servers', 3),
  chromiumCheck('browser'),
  chromiumCheck('gallery', 2),
  chromiumCheck('pages'),
  vitestCheck('package'),
  needsChromium(commandCheck('conformance', ['test/conformance/conformance.ts'])),
]

/** `npm test`. */
export const stages: readonly (readonly Check[])[] = [
  build,
  [...statics, ...declarations, ...packed],
  ...projects.map((check) => [check]),
]

/** `npm run test:everywhere`: what needs other engines, other runtimes or the tools of front ends. */
export const everywhere: readonly (readonly Check[])[] = [
  build,
  ...['bundlers', 'bindings'].map((project) => [chromiumCheck(project)]),
  [vitestCheck('engines', 2)],
  [vitestCheck('backends')],
]
