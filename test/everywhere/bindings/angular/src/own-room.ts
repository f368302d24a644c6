import { Component } from '@angular/core'
import { type Chat, createChat } from './create-chat'
import { connectWhileMounted } from './holdfast'
import { Room } from './room'

@Component({
  selector: 'own-room',
  templateUrl: './room.html',
})
export class OwnRoom extends Room {
  override open(): Chat {
    const own = createChat('/own')
    connectWhileMounted(own.client)
    return own
  }
}
