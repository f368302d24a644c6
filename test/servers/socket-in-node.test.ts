import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { clientInNode } from '../../docs/recipes/socket-in-node.ts'
import { until } from '../contract/until.ts'
import { startLiveServer } from './live-server.ts'

test('a client over the package ws opens and sends', async () => {
  const server = await startLiveServer((http, { welcome }) => {
    new WebSocketServer({ server: http }).on('connection', welcome)
  })
  const client = clientInNode(server.url)
  onTestFinished(() => client.close())
  client.connect()
  await client.opened()
  client.send('message', 'hello')
  await until('what was sent', () => server.received.length === 1)

  expect(server.received).toEqual(['{"type":"message","data":"hello"}'])
})
