import { type Chat, createChat } from './create-chat'
import { connectWhileMounted } from './holdfast'
import { ChatRoom } from './room'

export class OwnRoom extends ChatRoom {
  override open(): Chat {
    const own = createChat('/own')
    connectWhileMounted(this, own.client)
    return own
  }
}
customElements.define('own-room', OwnRoom)
