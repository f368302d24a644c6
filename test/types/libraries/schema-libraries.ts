/** What clients infer from the schemas of Zod, Valibot and ArkType. */
import { type } from 'arktype'
import type { DuplexClient, RealtimeClient, StandardSchemaV1 } from 'holdfast'
import { createClient, eventSource, webSocket } from 'holdfast'
import * as v from 'valibot'
import { z } from 'zod'
import type { ChatEvents } from '../chat.ts'
import type { Same } from '../same.ts'
import { isTrue } from '../same.ts'

export function zodInfers(): void {
  const client = createClient(webSocket('/live'), {
    schemas: {
      chat: z.object({ from: z.string(), at: z.number().optional() }),
      size: z.string().transform((text) => text.length),
      name: z.string().refine(async (name) => name !== 'taken'),
      piped: z.string().pipe(z.coerce.number()),
      kind: z.discriminatedUnion('is', [
        z.object({ is: z.literal('a'), a: z.number() }),
        z.object({ is: z.literal('b'), b: z.string() }),
      ]),
      nothing: z.undefined(),
    },
  })
  isTrue<
    Same<
      typeof client,
      DuplexClient<{
        chat: { from: string; at?: number | undefined }
        size: number
        name: string
        piped: number
        kind: { is: 'a'; a: number } | { is: 'b'; b: string }
        nothing: undefined
      }>
    >
  >()

  // @ts-expect-error no such property
  client.on('chat', ({ to }) => to)
  // @ts-expect-error the transform makes a number of it
  client.on('size', (size: string) => size)
}

export function valibotInfers(): void {
  const client = createClient(eventSource('/live'), {
    schemas: {
      chat: v.object({ from: v.string(), at: v.optional(v.number()) }),
      size: v.pipe(
        v.string(),
        v.transform((text) => text.length),
      ),
      name: v.pipeAsync(
        v.string(),
        v.checkAsync(async (name) => name !== 'taken'),
      ),
      later: v.pipeAsync(
        v.string(),
        v.transformAsync(async (text) => text.length),
      ),
      kind: v.picklist(['a', 'b']),
      nothing: v.undefined(),
    },
  })
  isTrue<
    Same<
      typeof client,
      RealtimeClient<{
        chat: { from: string; at?: number | undefined }
        size: number
        name: string
        later: number
        kind: 'a' | 'b'
        nothing: undefined
      }>
    >
  >()

  // @ts-expect-error no such property
  client.on('chat', ({ to }) => to)
  // @ts-expect-error the transform makes a number of it
  client.on('size', (size: string) => size)
}

export function arkTypeInfers(): void {
  const client = createClient(webSocket('/live'), {
    schemas: {
      chat: type({ from: 'string', 'at?': 'number' }),
      size: type('string').pipe((text) => text.length),
      kind: type("'a' | 'b'"),
      ids: type('string[]'),
    },
  })
  isTrue<
    Same<
      typeof client,
      DuplexClient<{ chat: { from: string; at?: number }; size: number; kind: 'a' | 'b'; ids: string[] }>
    >
  >()

  // @ts-expect-error no such property
  client.on('chat', ({ to }) => to)
  // @ts-expect-error the morph makes a number of it
  client.on('size', (size: string) => size)
}

/** Several libraries in one client, and a map of the user's own that they have to keep to. */
export function schemasOfLibrariesKeepToTheMap(): void {
  createClient<ChatEvents>(webSocket('/live'), {
    schemas: {
      message: z.object({ from: z.string(), text: z.string() }),
      typing: v.string(),
      cleared: type('undefined'),
    },
  })

  // @ts-expect-error a property is missing
  createClient<ChatEvents>(webSocket('/live'), { schemas: { message: z.object({ from: z.string() }) } })
  // @ts-expect-error a number is no text
  createClient<ChatEvents>(webSocket('/live'), { schemas: { typing: v.number() } })
  // @ts-expect-error a number is no text
  createClient<ChatEvents>(webSocket('/live'), { schemas: { typing: type('number') } })
  // @ts-expect-error there is no such event
  createClient<ChatEvents>(webSocket('/live'), { schemas: { typo: z.string() } })
}

export function librariesMakeStandardSchemas(): void {
  isTrue<Same<StandardSchemaV1<unknown, string> extends StandardSchemaV1<unknown, number> ? true : false, false>>()
  const schemas: readonly StandardSchemaV1<unknown, string>[] = [z.string(), v.string(), type('string')]
  void schemas
}
