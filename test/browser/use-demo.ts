/** A demo server that ends with the test that started it. */
import { existsSync } from 'node:fs'
import type { TestContext } from 'vitest'
import { type Demo, type DemoOptions, startDemo } from '../../docs/demo/server.ts'
import { distFolder } from '../../docs/demo/web-app.ts'

export async function useDemo(test: TestContext, options: DemoOptions = {}): Promise<Demo> {
  // Without it every test would wait for its deadline, and say that a page does not connect.
  if (!existsSync(`${distFolder}index.js`)) throw new Error('The pages use the built library: run `npx tsup` first.')

  const demo = await startDemo(options)
  test.onTestFinished(() => demo.close())
  return demo
}
