import { createChat } from './create-chat.ts'
import { connectWhileMounted } from './holdfast.ts'
import { Room } from './room.tsx'

export function OwnRoom() {
  const chat = createChat('/own')
  connectWhileMounted(chat.client)

  return <Room chat={chat} />
}
