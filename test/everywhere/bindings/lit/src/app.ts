import { html, LitElement, nothing } from 'lit'
import './own-room'
import './room'

const rooms: Readonly<Record<string, unknown>> = {
  shared: html`<chat-room></chat-room>`,
  own: html`<own-room></own-room>`,
  none: nothing,
}

export class ChatApp extends LitElement {
  static override properties = { shown: { state: true } }
  declare shown: string

  constructor() {
    super()
    this.shown = 'shared'
  }

  override render() {
    const buttons = Object.keys(rooms).map(
      (name) => html`<button type="button" @click=${() => (this.shown = name)}>${name}</button>`,
    )
    return html`<main>${buttons}${rooms[this.shown]}</main>`
  }
}

customElements.define('chat-app', ChatApp)
