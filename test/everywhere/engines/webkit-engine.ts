/** WebKitGTK's MiniBrowser, driven by WebKitWebDriver, on a display of its own. Each profile is a browser of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { type Complaints, callOf, type Engine, type Profile, type Tab } from './engine.ts'
import { type SendCommand, startSession, type WebDriverSession } from './web-driver.ts'

export interface WebKitPaths {
  readonly driver: string
  readonly browser: string
  /** An X server that shows nothing. */
  readonly xvfb: string
}

export async function startWebKit({ driver, browser, xvfb }: WebKitPaths): Promise<Engine> {
  const { display, end } = await startDisplay(xvfb)
  const capabilities = { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } }
  // Neither a sound server nor accessibility, which machines for tests do not have.
  const env = { ...process.env, DISPLAY: display, NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11' }
  const sessions = new Set<WebDriverSession>()

  return {
    async openProfile() {
      const session = await startSession({ driver, capabilities, env, port: await findPort() })
      sessions.add(session)
      return profileOf({
        alone: session.alone,
        close() {
          sessions.delete(session)
          return session.close()
        },
      })
    },
    async close() {
      await Promise.allSettled([...sessions].map((session) => session.close()))
      await end()
    },
  }
}

async function profileOf(session: WebDriverSession): Promise<Profile> {
  const first = await session.alone((send) => send<string>('/window'))

  return {
    async open() {
      const { handle } = await session.alone(async (send) => {
        // A new window needs a current one, and that may be closed. The first one stays.
        await send('/window', { handle: first })
        return send<{ handle: string }>('/window/new', { type: 'window' })
      })
      return tabOf(session, handle)
    },
    close: () => session.close(),
  }
}

function tabOf(session: WebDriverSession, handle: string): Tab {
  const here = <T>(commands: (send: SendCommand) => Promise<T>) =>
    session.alone(async (send) => {
      await send('/window', { handle })
      return commands(send)
    })
  let closed: Promise<unknown> | undefined

  const tab: Tab = {
    async goto(url) {
      await here((send) => send('/url', { url }))
    },
    gotoObserved: (url) => observe(tab, url),
    async run<A extends readonly unknown[], R>(inPage: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
      const script = `const done = arguments[0]
        Promise.resolve().then(() => ${callOf(inPage, args)})
          .then((value) => done({ value }), (error) => done({ error: String(error) }))`
      const { value, error } = await here((send) =>
        send<{ value: R; error?: string }>('/execute/async', { script, args: [] }),
      )
      if (error !== undefined) throw new Error(error)
      return value
    },
    // By the driver's own command: the driver forgets a script that it hands to a page which is just being left, and then never answers.
    back: async () => {
      await here((send) => send('/back', {}))
    },
    async close() {
      // A window that is gone cannot be made the current one.
      closed ??= here((send) => send('/window', undefined, 'DELETE'))
      await closed
    },
  }
  return tab
}

/**
 * WebDriver tells nothing of the console and cannot run anything before a page does. So the document is written by script,
 * under its own address, behind what listens.
 */
async function observe(tab: Tab, url: string): Promise<Complaints> {
  // A page of that origin without any script.
  await tab.goto(new URL('/nothing-here', url).href)
  await tab.run(async (address) => {
    const markup = await (await fetch(address)).text()
    history.replaceState(null, '', address)
    document.open()
    const complaints: string[] = []
    Object.assign(window, { complaints })
    for (const level of ['error', 'warn'] as const) {
      const log = console[level]
      console[level] = (...words) => {
        complaints.push(`${level}: ${words.join(' ')}`)
        log.apply(console, words)
      }
    }
    const listen = (event: Event) => {
      const { message, target } = event as ErrorEvent
      complaints.push(target === window ? `thrown: ${message}` : `failed: ${(target as Element).outerHTML}`)
    }
    window.addEventListener('error', listen, true)
    window.addEventListener('unhandledrejection', ({ reason }) => complaints.push(`rejected: ${reason}`))
    document.write(markup)
    document.close()
  }, url)
  return () => tab.run(() => (window as unknown as { complaints: string[] }).complaints)
}

async function startDisplay(xvfb: string): Promise<{ display: string; end(): Promise<void> }> {
  // Xvfb takes a number that is free, and writes it into this pipe.
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const said = once(child.stdio[3] as Readable, 'data')
  const [number] = await Promise.race([said, ended.then(() => Promise.reject(new Error('Xvfb did not start.')))])
  return { display: `:${`${number}`.trim()}`, end: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill()
  await ended
}

/** WebKitWebDriver does not tell which port it has found. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
