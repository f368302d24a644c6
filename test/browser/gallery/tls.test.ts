import { generate } from 'selfsigned'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { joinChat, readTexts, say } from './chat-page.ts'
import { waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

let certificate: { readonly cert: string; readonly key: string }
beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  certificate = { cert, key }
})

test('[TR7] on a page over https: the chat uses wss:, and works', async (context) => {
  const demo = await useDemo(context, certificate)
  const ana = await newPage(context, { ignoreHTTPSErrors: true })
  const bo = await newPage(context, { ignoreHTTPSErrors: true })
  const sockets: string[] = []
  ana.on('websocket', (socket) => sockets.push(socket.url()))

  await Promise.all([joinChat(ana, demo.url, 'Ana'), joinChat(bo, demo.url, 'Bo')])
  await say(ana, 'Is this line safe?')
  await eventually(() => readTexts(bo)).toEqual(['Is this line safe?'])

  expect(demo.url).toMatch(/^https:/)
  expect(sockets).toEqual([`${demo.url.replace('https:', 'wss:')}chat`])
})

test('the feed comes in over https:', async (context) => {
  const demo = await useDemo(context, { ...certificate, feedInterval: 50 })
  const page = await newPage(context, { ignoreHTTPSErrors: true })
  await page.goto(`${demo.url}feed.html`)
  await waitForStatus(page, 'open')

  await eventually(() => page.locator('#log li').count()).toBeGreaterThan(3)
})

test('a page whose certificate the browser refuses is not served', async (context) => {
  const demo = await useDemo(context, certificate)
  const page = await newPage(context)

  await expect(page.goto(demo.url)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')
})
