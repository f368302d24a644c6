// Hears one greeting over each transport that needs no page, prints them, and ends by itself if nothing is left behind.
import * as holdfast from 'holdfast'
import * as crossTab from 'holdfast/cross-tab'
import * as sse from 'holdfast/sse'
import * as testing from 'holdfast/testing'

const server = process.argv[2]

async function hear(transport) {
  const client = holdfast.createClient(transport)
  const greeted = new Promise((resolve, reject) => {
    client.on('greeting', ({ text }, meta) => resolve(`${meta.transport}: ${text}`))
    client.onError(reject)
  })
  client.connect()
  const line = await greeted
  client.close()
  return line
}

async function read() {
  const controller = new AbortController()
  const response = await fetch(`${server}/stream`, { signal: controller.signal })
  for await (const { data } of sse.readEvents(response)) {
    controller.abort()
    return `readEvents: ${JSON.parse(data).text}`
  }
}

console.log(await hear(holdfast.webSocket(`${server}/live`)))
console.log(await hear(holdfast.fetchStream(`${server}/stream`)))
console.log(await hear(crossTab.crossTab(holdfast.webSocket(`${server}/live`), { name: 'greetings' })))
console.log(await read())
console.log(typeof testing.fakeTransport)
