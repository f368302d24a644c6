import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'

test('[UP2] a redirect is not followed, since it may make a GET of the message', async () => {
  const asked: string[] = []
  const server = createServer(({ url, method }, response) => {
    if (url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
    else if (url === '/up') response.writeHead(302, { location: '/login' }).end()
    else {
      asked.push(`${method} ${url}`)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClient(withUpstream(fetchStream(`${origin}/events`), `${origin}/up`))
  const codes: string[] = []
  client.onError(({ code }) => codes.push(code))
  client.connect()
  await client.opened()
  client.send('say', 'hello')
  await client.drained()
  client.close()

  expect(asked).toEqual([])
  expect(codes).toEqual(['refused'])
})
