import { createClient, fetchStream, type RealtimeClient } from 'holdfast'

export interface JobEvents {
  progress: { percent: number }
  completed: { result: string }
}

/** Follows a job, from where it was when this page was loaded again, and closes when there is nothing more to come. */
export function followJob(url: string, storage: Pick<Storage, 'getItem' | 'setItem'>): RealtimeClient<JobEvents> {
  const key = `last-event-id ${url}`
  const client = createClient<JobEvents>(fetchStream(url), { lastEventId: storage.getItem(key) ?? '' })

  // Heard after the listeners of its own name, which have shown it by then.
  client.onAny((_data, { id }) => storage.setItem(key, id))
  client.on('completed', () => client.close())
  return client
}
