/** The seam: transports of the user's own. */
import type {
  Attempt,
  DuplexTransport,
  Environment,
  Frame,
  Inbound,
  Link,
  LinkObserver,
  LinkRequest,
  Transport,
} from 'holdfast'
import { createClient, RealtimeError } from 'holdfast'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

/** A transport of the user's own, as the contract of the seam has it. */
export function ownTransport(): void {
  const own: DuplexTransport = {
    name: 'own',
    duplex: true,
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { deadline, events, maxMessageSize, environment, signal } = request
      const names: readonly string[] = events
      const host: Environment = environment
      observer.opened()
      observer.opened({ transport: 'own', shared: false })
      observer.received({ data: `${deadline} ${maxMessageSize} ${names} ${host} ${signal.aborted}` })
      observer.received({ data: new ArrayBuffer(1), event: 'bytes', id: '1' })
      observer.alive()
      observer.retryAfter(1000)
      observer.interrupted(new RealtimeError('lost'), 0)
      observer.ended(new RealtimeError('lost', 'gone', { closeCode: 1006, wasClean: false }))

      // @ts-expect-error a link ends with an error that says why
      observer.ended()
      // @ts-expect-error a payload comes as text or bytes
      observer.received({ data: 1 })

      return {
        send(frame: Frame) {
          isTrue<Same<typeof frame, string | ArrayBuffer | ArrayBufferView>>()
        },
        bufferedAmount: 0,
        listen: (event: string) => event.trim(),
        close: (code?: number, reason?: string) => reason?.trim() ?? code,
      }
    },
  }
  createClient<ChatEvents, ChatCommands>(own).send('leave')
  createClient({ name: 'least', open: () => ({ close: () => {} }) }).connect()

  // @ts-expect-error a link can be closed
  createClient({ name: 'endless', open: () => ({}) })
  // @ts-expect-error a transport has a name
  createClient({ open: () => ({ close: () => {} }) })
  // @ts-expect-error what is not duplex has no sending client
  createClient({ name: 'half', open: () => ({ close: () => {} }) }).send('x')
}

export function theSeamIsExact(): void {
  isTrue<Same<Pick<Transport, 'name'>, { readonly name: string }>>()
  isTrue<Same<Transport['open'], (request: LinkRequest, observer: LinkObserver) => Link>>()
  isTrue<Same<Pick<DuplexTransport, 'duplex' | 'name'>, { readonly duplex: true; readonly name: string }>>()
  isTrue<
    Same<
      Pick<LinkRequest, 'deadline' | 'events' | 'maxMessageSize' | 'environment'>,
      {
        readonly deadline: number
        readonly events: readonly string[]
        readonly maxMessageSize: number
        readonly environment: Environment
      }
    >
  >()
  const attempt: Attempt = {} as LinkRequest
  isTrue<Same<Pick<LinkRequest, keyof Attempt>, Pick<Attempt, keyof Attempt>>>()
  isTrue<Same<LinkObserver['retryAfter'], (ms: number) => void>>()
  isTrue<Same<LinkObserver['interrupted'], (error: RealtimeError, retryAt: number) => void>>()
  isTrue<Same<LinkObserver['ended'], (error: RealtimeError) => void>>()
  isTrue<Same<Parameters<LinkObserver['received']>[0], Inbound>>()
  isTrue<Same<ReturnType<LinkObserver['opened']>, void>>()
  isTrue<Same<ReturnType<LinkObserver['received']>, void>>()
  isTrue<Same<ReturnType<LinkObserver['alive']>, void>>()
  isTrue<
    Same<
      Pick<NonNullable<Parameters<LinkObserver['opened']>[0]>, 'transport' | 'shared'>,
      { readonly transport?: string | undefined; readonly shared?: boolean | undefined }
    >
  >()
  isTrue<Same<Pick<Link, 'bufferedAmount'>, { readonly bufferedAmount?: number }>>()
  isTrue<Same<NonNullable<Link['send']>, (frame: Frame) => void>>()
  isTrue<Same<NonNullable<Link['listen']>, (event: string) => void>>()
  isTrue<Same<Link['close'], (code?: number, reason?: string) => void>>()
  void attempt
}

/** What wraps a transport knows no more of it than this. */
export function wrapped(inner: Transport): Transport {
  return {
    name: `wrapped ${inner.name}`,
    open(request, observer) {
      const link = inner.open(request, {
        ...observer,
        opened: () => observer.opened({ transport: inner.name, shared: undefined }),
        received: (frame) => observer.received(frame),
      })
      // @ts-expect-error not every link can send
      link.send('x')
      // @ts-expect-error nor tell what waits
      link.bufferedAmount.toFixed()
      // @ts-expect-error nor listen
      link.listen('x')
      link.close(4000, 'bye')
      link.close()
      return link
    },
  }
}

export function seamsAreChecked(request: LinkRequest, observer: LinkObserver, transport: DuplexTransport): void {
  // @ts-expect-error what is asked for is read-only
  request.deadline = 0
  // @ts-expect-error names are only read
  request.events.push('x')
  // @ts-expect-error a transport is read-only
  transport.duplex = true
  // @ts-expect-error nothing about what it is called
  observer.opened('own')
  // @ts-expect-error an estimate is needed
  observer.interrupted(new RealtimeError('lost'))
  // @ts-expect-error an error of ours
  observer.ended(new Error('lost'))
  // @ts-expect-error milliseconds
  observer.retryAfter('1')
  // @ts-expect-error a frame is an object
  observer.received('data')
  // @ts-expect-error `duplex: false` is for none: it is left out
  const half: DuplexTransport = { name: 'half', duplex: false, open: () => ({ close: () => {} }) }
  // @ts-expect-error a link there is at once
  const slow: Transport = { name: 'slow', open: async () => ({ close: () => {} }) }
  createClient(half).send(slow.name)
}
