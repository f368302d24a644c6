'use client'

import { createClient, webSocket } from 'holdfast'
import { useEffect, useState } from 'react'

const client = createClient(webSocket(() => `${new URLSearchParams(location.search).get('server')}/live`))

/** Rendered on the server first, and connected in the page. */
export function Greetings() {
  const [status, setStatus] = useState(client.state.status)
  const [lines, setLines] = useState([])

  useEffect(() => {
    const stops = [
      client.onState((state) => setStatus(state.status)),
      client.on('greeting', ({ text }, { transport }) => setLines((all) => [...all, `${transport}: ${text}`])),
    ]
    client.connect()
    return () => {
      for (const stop of stops) stop()
      client.close()
    }
  }, [])

  return (
    <>
      <p id="status">{status}</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}
