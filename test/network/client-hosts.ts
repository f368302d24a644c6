/** Where clients live: a Node process, or a page in Chromium. Both are inside the client's namespace, and controlled from outside. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumArguments } from '../browser/chromium.ts'
import { type ClientHandle, type ClientPlan, startClient } from './client.ts'
import { startRespondent } from './questions.ts'

export interface ClientHost {
  readonly name: string
  start(id: string, plan: ClientPlan): Promise<void>
  call<Method extends keyof ClientHandle>(
    id: string,
    method: Method,
    ...args: Parameters<ClientHandle[Method]>
  ): Promise<ReturnType<ClientHandle[Method]>>
  end(): Promise<void>
}

export async function startNode(inNamespace: readonly string[]): Promise<ClientHost> {
  const node = await startRespondent(inNamespace, fileURLToPath(new URL('node-client.ts', import.meta.url)))
  return {
    name: `Node ${process.versions.node}`,
    async start(id, plan) {
      await node.ask('start', id, plan)
    },
    call: async (id, method, ...args) => (await node.ask('call', id, method, ...args)) as never,
    end: async () => node.end(),
  }
}

/** `pageUrl` has to serve the built package below `/dist/`. */
export async function startChromium(
  executable: string,
  inNamespace: readonly string[],
  pageUrl: string,
): Promise<ClientHost> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-network-'))
  const wrapper = join(folder, 'chromium')
  // Playwright controls Chromium over two pipes, which pass through `exec`: no fault of the network touches them.
  writeFileSync(wrapper, `#!/bin/sh\nexec ${inNamespace.join(' ')} '${executable}' "$@"\n`)
  chmodSync(wrapper, 0o755)
  try {
    const browser = await chromium.launch({
      executablePath: wrapper,
      args: chromiumArguments,
      // The run ends what is in its namespaces itself, and has a last line to print first.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    const page = await browser.newPage()
    await page.goto(pageUrl)
    await page.evaluate('globalThis.clients = {}')
    return {
      name: `Chromium ${browser.version().split('.')[0]}`,
      async start(id, plan) {
        const started = `(${startClient})(holdfast, ${JSON.stringify(plan)})`
        await page.evaluate(`import('/dist/index.js').then((holdfast) => void (clients['${id}'] = ${started}))`)
      },
      call: (id, method, ...args) => page.evaluate(`clients['${id}'].${method}(${args.map(String).join()})`),
      end: () => browser.close(),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
