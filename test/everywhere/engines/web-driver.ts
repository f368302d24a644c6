/**
 * A session of WebDriver (https://www.w3.org/TR/webdriver2/) over plain HTTP. A command goes to whichever window is the current one, so
 * commands that belong together must go out with no others between them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds in a page, for scripts and loads. */
const longestInPage = 30_000
/** Milliseconds for one command. By then the driver itself has ended what takes too long in a page; a driver that does not answer would hold up all later commands. */
const longestCommand = 45_000

export interface WebDriverSession {
  /** Runs these commands with no others between them. */
  alone<T>(commands: (send: SendCommand) => Promise<T>): Promise<T>
  /** Ends the browser, too. */
  close(): Promise<void>
}

/** Path behind that of the session, such as `/url`; a body makes it a POST. */
export type SendCommand = <T>(path: string, body?: object, method?: string) => Promise<T>

export interface WebDriverOptions {
  readonly driver: string
  readonly capabilities: object
  readonly env: NodeJS.ProcessEnv
  readonly port: number
}

export async function startSession({ driver, capabilities, env, port }: WebDriverOptions): Promise<WebDriverSession> {
  const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' })
  const root = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, root)
    const { sessionId } = await request<{ sessionId: string }>('POST', `${root}/session`, {
      capabilities: { alwaysMatch: capabilities },
    })

    const send: SendCommand = (path, body, method = body ? 'POST' : 'GET') =>
      request(method, `${root}/session/${sessionId}${path}`, body)
    await send('/timeouts', { script: longestInPage, pageLoad: longestInPage })
    let last: Promise<unknown> = Promise.resolve()

    return {
      alone(commands) {
        const result = last.then(() => commands(send))
        last = result.catch(() => {})
        return result
      },
      async close() {
        await last
        await send('', undefined, 'DELETE').finally(() => end(child))
      },
    }
  } catch (error) {
    await end(child)
    throw error
  }
}

async function untilReady(child: ChildProcess, root: string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      return void (await request('GET', `${root}/status`))
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error
      await pause(20)
    }
  }
}

async function request<T>(method: string, url: string, body?: object): Promise<T> {
  const signal = AbortSignal.timeout(longestCommand)
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: T }
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${JSON.stringify(value)}`)
  return value
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return

  const ended = once(child, 'exit')
  child.kill()
  await ended
}
