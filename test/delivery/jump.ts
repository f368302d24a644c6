import type { FakeEnvironment } from '../../src/testing/index.ts'

/** Sets the clock forward or back, as sleep or a user does: no timer fires for it, and those that run keep their time. */
export function jump(environment: FakeEnvironment, ms: number): void {
  const { now } = environment
  environment.now = () => now() + ms
}
