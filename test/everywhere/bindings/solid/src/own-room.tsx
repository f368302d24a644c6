import { createChat } from './create-chat'
import { connectWhileMounted } from './holdfast'
import { Room } from './room'

export function OwnRoom() {
  const chat = createChat('/own')
  connectWhileMounted(chat.client)

  return <Room chat={chat} />
}
