import { Component } from '@angular/core'
import { type Chat, chat } from './create-chat'
import { fromStore } from './holdfast'

@Component({
  selector: 'chat-room',
  templateUrl: './room.html',
})
export class Room {
  readonly chat = this.open()
  readonly connection = fromStore(this.chat.connection)
  readonly last = fromStore(this.chat.last)
  readonly messages = fromStore(this.chat.messages)
  readonly letters = fromStore(this.chat.letters)

  open(): Chat {
    return chat
  }

  say(event: Event, text: string): void {
    event.preventDefault()
    this.chat.client.send('say', text)
  }
}
