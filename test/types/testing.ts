/** 'holdfast/testing': what users test with. */
import type { DuplexTransport, Environment, Frame, Inbound, RealtimeError, Transport } from 'holdfast'
import { createClient } from 'holdfast'
import type { FakeLink } from 'holdfast/testing'
import { fakeEnvironment, fakeTransport } from 'holdfast/testing'
import type { ChatCommands, ChatEvents } from './chat.ts'
import type { Same, Shape } from './same.ts'
import { isTrue } from './same.ts'

export async function testingKit(): Promise<void> {
  const environment = fakeEnvironment({ random: () => 0.5, now: 0 })
  const transport = fakeTransport({ duplex: true, name: 'fake' })
  const client = createClient<ChatEvents, ChatCommands>(transport, { environment })
  const links: readonly FakeLink[] = transport.links
  const link = links.at(-1)

  const advanced: Promise<void> = environment.advance(1000)
  await advanced
  isTrue<Same<typeof environment.held, number>>()
  environment.setOnline(false)
  environment.setVisible(true)
  environment.freeze()
  environment.resume()
  environment.pageHide(true)
  environment.pageShow(true)
  link?.open()
  link?.receive('{"type":"typing","data":"Ann"}')
  link?.receive({ data: 'Ann', event: 'typing', id: '1' })
  link?.end()
  link?.end({ code: 'refused', status: 403 })
  link?.end({ closeCode: 1006, closeReason: '', retryAfter: 1000 })
  const sent: readonly Frame[] | undefined = link?.sent
  const closed: boolean | undefined = link?.closed
  fakeEnvironment()
  fakeTransport()
  client.send('say', { text: `${sent} ${closed}` })

  // @ts-expect-error links come from attempts
  transport.links = []
  // @ts-expect-error time moves by `advance`
  environment.held = 0
  // @ts-expect-error no such code
  link?.end({ code: 'oops' })
}

export function fakesAreExact(): void {
  type Transport = ReturnType<typeof fakeTransport>
  type Clock = ReturnType<typeof fakeEnvironment>
  isTrue<Same<Pick<Transport, 'links'>, { readonly links: readonly FakeLink[] }>>()
  isTrue<Same<Pick<FakeLink, 'sent' | 'closed'>, { readonly sent: readonly Frame[]; readonly closed: boolean }>>()
  isTrue<Same<FakeLink['open'], () => void>>()
  isTrue<Same<FakeLink['receive'], (frame: Inbound | string) => void>>()
  isTrue<
    Same<
      FakeLink['end'],
      (error?: Partial<Pick<RealtimeError, 'code' | 'status' | 'closeCode' | 'closeReason' | 'retryAfter'>>) => void
    >
  >()
  isTrue<
    Same<
      Shape<NonNullable<Parameters<typeof fakeTransport>[0]>, 'duplex' | 'name'>,
      { readonly duplex?: 0; readonly name?: 0 }
    >
  >()
  isTrue<
    Same<
      Shape<NonNullable<Parameters<typeof fakeEnvironment>[0]>, 'random' | 'now'>,
      { readonly random?: 0; readonly now?: 0 }
    >
  >()
  isTrue<Same<Clock['advance'], (ms: number) => Promise<void>>>()
  isTrue<Same<Clock['setOnline'], (online: boolean) => void>>()
  isTrue<Same<Clock['setVisible'], (visible: boolean) => void>>()
  isTrue<Same<Clock['freeze'], () => void>>()
  isTrue<Same<Clock['resume'], () => void>>()
  isTrue<Same<Clock['pageHide'], (persisted: boolean) => void>>()
  isTrue<Same<Clock['pageShow'], (persisted: boolean) => void>>()
  isTrue<Same<Pick<Clock, 'held'>, { readonly held: number }>>()
  const environment: Environment = fakeEnvironment()
  const transport: DuplexTransport = fakeTransport()
  fakeTransport({ duplex: false })
  fakeTransport({ name: 'other' })
  fakeTransport({})
  fakeEnvironment({ random: Math.random })
  fakeEnvironment({ now: 1 })
  fakeEnvironment({})
  createClient(transport, { environment })
}

export function fakesAreChecked(link: FakeLink): void {
  const environment = fakeEnvironment()
  // A test may try it; handed on as what it is, it only receives.
  const transport = fakeTransport({ duplex: false })
  const feed: Transport = transport
  createClient(transport).send('x')
  // @ts-expect-error a feed takes nothing
  createClient(feed).send('x')
  // @ts-expect-error sent frames are only read
  link.sent.push('x')
  // @ts-expect-error it is read, not set
  link.closed = true
  // @ts-expect-error a frame is text, or an object
  link.receive(1)
  // @ts-expect-error a hint is the client's
  link.end({ hint: 'x' })
  // @ts-expect-error milliseconds
  environment.advance('1s')
  // @ts-expect-error a time is needed
  environment.advance()
  // @ts-expect-error into the cache, or not
  environment.pageHide()
  // @ts-expect-error online, or not
  environment.setOnline()
  // @ts-expect-error a random number is a number
  fakeEnvironment({ random: () => '0.5' })
  // @ts-expect-error an epoch time
  fakeEnvironment({ now: new Date() })
  // @ts-expect-error a misspelt option
  fakeTransport({ dupex: false })
  // @ts-expect-error a name is text
  fakeTransport({ name: 1 })
}
