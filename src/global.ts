/** Everything a page with a script tag needs, as the global `Holdfast`. The testing kit is not for pages. */

import { crossTab } from './cross-tab/index.ts'
import {
  binary,
  createClient,
  eventSource,
  fallback,
  fetchStream,
  isRealtimeError,
  json,
  RealtimeError,
  text,
  webSocket,
  withUpstream,
} from './index.ts'
import { EventStreamDecoder, readEvents } from './sse/index.ts'
import { fold, history, latest, stateStore } from './store/index.ts'

/** Listed by name, which is smaller than what a bundler makes of `export *`; the type sees to it that none is forgotten. */
const Holdfast: Global = {
  binary,
  createClient,
  crossTab,
  EventStreamDecoder,
  eventSource,
  fallback,
  fetchStream,
  fold,
  history,
  isRealtimeError,
  json,
  latest,
  RealtimeError,
  readEvents,
  stateStore,
  text,
  webSocket,
  withUpstream,
}

export type Global = typeof import('./cross-tab/index.ts') &
  typeof import('./index.ts') &
  typeof import('./sse/index.ts') &
  typeof import('./store/index.ts')

Object.assign(globalThis, { Holdfast })
