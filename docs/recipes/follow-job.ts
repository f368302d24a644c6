import { createClient, fetchStream, type RealtimeClient } from 'holdfast'

export interface JobEvents {
  progress: { percent: number }
  completed: { result: string }
}

/** Follows a job until it is completed, and then closes. After a reload of the page it goes on behind the last event shown. */
export function followJob(url: string, storage: Pick<Storage, 'getItem' | 'setItem'>): RealtimeClient<JobEvents> {
  const key = `last-event-id ${url}`
  const client = createClient<JobEvents>(fetchStream(url), { lastEventId: storage.getItem(key) ?? '' })

  // `onAny` hears an event after the listeners of its name: by then they have shown it.
  client.onAny((_data, { id }) => storage.setItem(key, id))
  client.on('completed', () => client.close())
  return client
}
