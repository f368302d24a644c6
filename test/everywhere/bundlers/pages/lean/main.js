import { createClient, webSocket } from 'holdfast'

const client = createClient(webSocket(`${new URLSearchParams(location.search).get('server')}/live`))
client.on('greeting', ({ text }, { transport }) => {
  const item = document.createElement('li')
  item.textContent = `${transport}: ${text}`
  document.querySelector('ul').append(item)
})
client.onError((error) => console.error(error))
client.connect()
