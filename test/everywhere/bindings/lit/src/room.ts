import { html, LitElement } from 'lit'
import { type Chat, chat } from './create-chat'
import { follow } from './holdfast'

export class ChatRoom extends LitElement {
  chat = this.open()
  connection = follow(this, this.chat.connection)
  last = follow(this, this.chat.last)
  messages = follow(this, this.chat.messages)
  letters = follow(this, this.chat.letters)

  open(): Chat {
    return chat
  }
  say(event: SubmitEvent) {
    event.preventDefault()
    this.chat.client.send('say', `${new FormData(event.target as HTMLFormElement).get('text')}`)
  }
  override render() {
    return html`<section>
      <p id="status">${this.connection.value.status}</p>
      <p id="last">${this.last.value?.text}</p>
      <ul>${this.messages.value.map(({ text }) => html`<li>${text}</li>`)}</ul>
      <output>${this.letters.value}</output>
      <form @submit=${this.say}><input name="text" aria-label="Message" required /><button>Send</button></form>
    </section>`
  }
}
customElements.define('chat-room', ChatRoom)
