import { For } from 'solid-js'
import type { Chat } from './create-chat'
import { fromStore } from './holdfast'

export function Room({ chat }: { chat: Chat }) {
  const connection = fromStore(chat.connection)
  const last = fromStore(chat.last)
  const messages = fromStore(chat.messages)
  const letters = fromStore(chat.letters)

  function say(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault()
    chat.client.send('say', `${new FormData(event.currentTarget).get('text')}`)
  }

  return (
    <section>
      <p id="status">{connection().status}</p>
      <p id="last">{last()?.text}</p>
      <ul>
        <For each={messages()}>{({ text }) => <li>{text}</li>}</For>
      </ul>
      <output>{letters()}</output>
      <form onSubmit={say}>
        <input name="text" aria-label="Message" required />
        <button type="submit">Send</button>
      </form>
    </section>
  )
}
