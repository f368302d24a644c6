/** What the project's own tests use, for users' tests: `import … from 'holdfast/testing'`. */

export type { FakeEnvironment, FakeEnvironmentOptions } from './fake-environment.ts'
export { fakeEnvironment } from './fake-environment.ts'
export type { FakeLink, FakeTransport, FakeTransportOptions } from './fake-transport.ts'
export { fakeTransport } from './fake-transport.ts'
