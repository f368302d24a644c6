/**
 * What the demo takes from the environment when it is started by hand, `PORT`, `CERT` and `KEY`, and what it says
 * when that cannot work.
 */
import { readFileSync } from 'node:fs'

export interface Settings {
  readonly port: number
  readonly cert?: Buffer
  readonly key?: Buffer
}

const defaultPort = 8080

/** Throws with the fix in its message. */
export function readSettings({ PORT, CERT, KEY }: NodeJS.ProcessEnv): Settings {
  const port = readPort(PORT)
  if (!CERT && !KEY) return { port }
  if (!CERT || !KEY)
    throw new Error(`TLS needs both CERT and KEY, the paths of two PEM files. ${CERT ? 'KEY' : 'CERT'} is missing.`)

  return { port, cert: readPem('CERT', CERT), key: readPem('KEY', KEY) }
}

/** One line for the person who started the demo. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)

  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  if (code?.startsWith('ERR_OSSL')) return `CERT and KEY have to be a certificate and its key in PEM: ${error.message}`

  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken. Choose another one, for example PORT=8081 npm start, or PORT=0 for any that is free.`
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Choose one from 1024 on, for example PORT=8081 npm start.`
    default:
      return error.message
  }
}

function readPort(value: string | undefined): number {
  if (!value) return defaultPort

  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new Error(`PORT takes a number from 0 to 65535, where 0 means any that is free. It is "${value}".`)
}

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Error(`${name} names a file that cannot be read: ${path}`, { cause })
  }
}
