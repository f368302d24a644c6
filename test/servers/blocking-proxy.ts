/** A reverse proxy in front of a server. It carries HTTP, and does with WebSockets what its manner says. */
import { request as ask, createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** What the proxy does with an upgrade; `down` and `portal` concern all requests. */
export type Manner = 'pass' | 'refuse' | 'answer 502' | 'swallow' | 'cut after a second' | 'down' | 'portal'

export interface BlockingProxy {
  readonly origin: string
  manner: Manner
  /** How many upgrades it was asked for. */
  readonly upgrades: number
  /** Breaks every connection that there is. */
  breakAll(): void
}

export async function startBlockingProxy(target: string, manner: Manner): Promise<BlockingProxy> {
  const { hostname, port } = new URL(target)
  const connections = new Set<Socket>()
  let upgrades = 0

  const carry: RequestListener = (request, response) => {
    if (proxy.manner === 'down') return void request.socket.destroy()
    if (proxy.manner === 'portal')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')
    const { url: path, method, headers } = request
    const onward = ask({ hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    upgrades += 1
    socket.on('error', () => socket.destroy())
    const answer = (status: string, body = '') =>
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    if (proxy.manner === 'down') return void socket.destroy()
    if (proxy.manner === 'portal') return void answer('200 OK', '<h1>Sign in</h1>')
    if (proxy.manner === 'refuse') return void answer('403 Forbidden')
    if (proxy.manner === 'answer 502') return void answer('502 Bad Gateway')
    if (proxy.manner === 'swallow') return

    const onward = connect(Number(port), hostname)
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    const { rawHeaders } = request
    const lines = rawHeaders.flatMap((name, index) => (index % 2 ? [] : [`${name}: ${rawHeaders[index + 1]}`]))
    onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    socket.pipe(onward).pipe(socket)
    if (proxy.manner === 'cut after a second') setTimeout(() => socket.destroy(), 1000)
  }

  const server = createServer(carry)
  server.on('upgrade', upgrade)
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const proxy: BlockingProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner,
    get upgrades() {
      return upgrades
    },
    breakAll() {
      for (const socket of connections) socket.destroy()
    },
  }
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    proxy.breakAll()
    await closed
  })
  return proxy
}
