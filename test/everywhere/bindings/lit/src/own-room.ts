import { type Chat, createChat } from './create-chat.ts'
import { connectWhileMounted } from './holdfast.ts'
import { ChatRoom } from './room.ts'

export class OwnRoom extends ChatRoom {
  override open(): Chat {
    const own = createChat('/own')
    connectWhileMounted(this, own.client)
    return own
  }
}
customElements.define('own-room', OwnRoom)
