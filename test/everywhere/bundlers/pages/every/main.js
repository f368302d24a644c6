import { createClient, eventSource, fallback, fetchStream, webSocket } from 'holdfast'
import { crossTab } from 'holdfast/cross-tab'

const server = new URLSearchParams(location.search).get('server')
const transports = [
  crossTab(webSocket(`${server}/live`), { name: 'greetings' }),
  fallback([eventSource(`${server}/stream`), fetchStream(`${server}/stream`)]),
  fetchStream(`${server}/stream`),
]

for (const transport of transports) {
  const client = createClient(transport)
  client.on('greeting', ({ text }, meta) => {
    const item = document.createElement('li')
    item.textContent = `${meta.transport}: ${text}`
    document.querySelector('ul').append(item)
    if (transport.duplex) client.send('answer', text)
  })
  client.onError((error) => console.error(error))
  client.connect()
}
