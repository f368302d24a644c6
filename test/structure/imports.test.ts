import { expect, test } from 'vitest'
import { readFiles } from './files.ts'
import { judgeImports } from './imports.ts'

/** A tree without a fault; each test below adds one. */
const sound = {
  'src/errors.ts': '',
  'src/environment.ts': '',
  'src/transport.ts': "import type { RealtimeError } from './errors.ts'",
  'src/realtime-client.ts': "import type { RealtimeError } from './errors.ts'",
  'src/codecs/json.ts': "import type { Frame } from '../transport.ts'",
  'src/connection/backoff.ts': "import type { Environment } from '../environment.ts'",
  'src/sse/read-events.ts': "import { createParser } from 'eventsource-parser'",
  'src/sse/index.ts': "export { readEvents } from './read-events.ts'",
  'src/transports/web-socket.ts': "import type { DuplexTransport } from '../transport.ts'",
  'src/transports/fallback.ts': "import { nextDelay } from '../connection/backoff.ts'",
  'src/client.ts': [
    "import { platform } from './environment.ts'",
    "import { nextDelay } from './connection/backoff.ts'",
    "import { json } from './codecs/json.ts'",
    "import type { RealtimeClient } from './realtime-client.ts'",
  ].join('\n'),
  'src/index.ts': [
    "export { createClient } from './client.ts'",
    "export { webSocket } from './transports/web-socket.ts'",
    "export { fallback } from './transports/fallback.ts'",
  ].join('\n'),
  'src/testing/fake-transport.ts': "import type { Transport } from '../transport.ts'",
  'src/testing/index.ts': "export { fakeTransport } from './fake-transport.ts'",
  'src/global.ts': "export * from './index.ts'\nexport * from './sse/index.ts'",
}

function judge(changes: Readonly<Record<string, string>> = {}): readonly string[] {
  return judgeImports(new Map(Object.entries({ ...sound, ...changes })))
}

test('the imports of src point one way, in no circle, and reach every file', () => {
  const files = readFiles('src/**/*.ts')

  expect(files.has('src/index.ts')).toBe(true)
  expect(judgeImports(files)).toEqual([])
})

test('a sound tree has nothing wrong', () => {
  expect(judge()).toEqual([])
})

test.each([
  ['ground that imports a contract', 'src/environment.ts', "import type { Transport } from './transport.ts'"],
  ['a contract that imports a mechanism', 'src/codecs/json.ts', "import { nextDelay } from '../connection/backoff.ts'"],
  ['a mechanism that imports an adapter', 'src/connection/backoff.ts', "import '../transports/web-socket.ts'"],
  ['a mechanism that imports the client', 'src/connection/backoff.ts', "export type Q = import('../client.ts').Q"],
  ['a leaf adapter that imports a mechanism', 'src/transports/web-socket.ts', "import '../connection/backoff.ts'"],
  ['a leaf adapter that imports a combination', 'src/transports/web-socket.ts', "export * from './fallback.ts'"],
  [
    'a part that imports an entry point',
    'src/transports/web-socket.ts',
    "import { readEvents } from '../sse/index.ts'",
  ],
  ['a client that imports a combination', 'src/client.ts', "import './transports/fallback.ts'"],
  ['a testing kit that imports the client', 'src/testing/fake-transport.ts', "import type { C } from '../client.ts'"],
])('%s is found', (_, path, source) => {
  expect(judge({ [path]: source })).toContainEqual(expect.stringMatching(`^${path} \\(.+\\) imports src/`))
})

test.each([
  ['an entry point that imports another', 'src/index.ts', "export * from './testing/index.ts'"],
  ['the script tag with the testing kit', 'src/global.ts', "export * from './testing/index.ts'"],
  ['the script tag with a part of the testing kit', 'src/global.ts', "export * from './testing/fake-transport.ts'"],
  ['a package', 'src/errors.ts', "import { nanoid } from 'nanoid'"],
  ['a module of Node', 'src/errors.ts', "const fs = import('node:fs')"],
  ['the parser outside of sse', 'src/client.ts', "export type { EventSourceMessage } from 'eventsource-parser'"],
  ['values of the schema package', 'src/realtime-client.ts', "export { v } from '@standard-schema/spec'"],
  ['a file that is not there', 'src/errors.ts', "import './nowhere.ts'"],
  ['an import without its extension', 'src/transport.ts', "import type { RealtimeError } from './errors'"],
])('%s is found', (_, path, source) => {
  expect(judge({ [path]: source })).toContainEqual(expect.stringMatching(`^${path} imports `))
})

test.each([
  "import type { StandardSchemaV1 } from '@standard-schema/spec'",
  "export type * from '@standard-schema/spec'",
  "export type V = import('@standard-schema/spec').StandardSchemaV1",
])('types of the schema package are allowed: %s', (source) => {
  expect(judge({ 'src/realtime-client.ts': source })).toEqual([])
})

test.each([
  "import type { Heartbeat } from './heartbeat.ts'",
  "export type * as heartbeat from './heartbeat.ts'",
  "export type Heartbeat = typeof import('./heartbeat.ts')",
])('a circle is found, once, even through types: %s', (source) => {
  const found = judge({
    'src/connection/backoff.ts': source,
    'src/connection/heartbeat.ts': "export * from './backoff.ts'",
  })

  expect(found).toEqual([expect.stringMatching(/^a circle: .+ → .+ → /)])
})

test('a file that imports itself is a circle', () => {
  expect(judge({ 'src/errors.ts': "import './errors.ts'" })).toEqual(['a circle: src/errors.ts → src/errors.ts'])
})

test('a file that nothing imports is found', () => {
  expect(judge({ 'src/delivery/dedupe.ts': '' })).toEqual(['src/delivery/dedupe.ts is reached from no entry point'])
})

test('a file that fits no layer is found', () => {
  const found = judge({ 'src/utils.ts': '', 'src/index.ts': `${sound['src/index.ts']}\nexport * from './utils.ts'` })

  expect(found).toEqual(['src/utils.ts fits no layer'])
})

test('words that look like imports are none', () => {
  expect(judge({ 'src/errors.ts': '// import "nanoid"\nexport const s = "import(\'nanoid\')"' })).toEqual([])
})
