import type { Chat } from './create-chat'
import { useStore } from './holdfast'

export function Room({ chat }: { chat: Chat }) {
  const { status } = useStore(chat.connection)
  const last = useStore(chat.last)
  const messages = useStore(chat.messages)
  const letters = useStore(chat.letters)

  return (
    <section>
      <p id="status">{status}</p>
      <p id="last">{last?.text}</p>
      <ul>
        {messages.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      <output>{letters}</output>
      <form action={(form) => void chat.client.send('say', `${form.get('text')}`)}>
        <input name="text" aria-label="Message" required />
        <button type="submit">Send</button>
      </form>
    </section>
  )
}
