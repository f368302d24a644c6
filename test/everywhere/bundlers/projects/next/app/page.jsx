import { createClient, fetchStream } from 'holdfast'
import { Greetings } from './greetings.jsx'

/** Rendered on the server only. */
export default function Page() {
  const client = createClient(fetchStream('/stream'))
  return (
    <main>
      <p id="server">{client.state.status}</p>
      <Greetings />
    </main>
  )
}
