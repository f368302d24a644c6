/** Starts the servers for tests that run in a browser, which learn their origins by `inject('origins')`. */
import type { TestProject } from 'vitest/node'
import { type Origins, startServers } from './start-servers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly origins: Origins
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { peers, control, close } = await startServers()
  project.provide('origins', { peers, control })
  return close
}
