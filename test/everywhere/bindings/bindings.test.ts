import { describe, expect, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { useBrowser } from '../../browser/use-browser.ts'
import { startChat } from './chat-server.ts'
import { openChat } from './open-chat.ts'
import { renderApp, useApp, writeRendered } from './use-app.ts'

interface Binding {
  readonly name: string
  /** What checks its types. */
  readonly checker: readonly [program: string, ...args: readonly string[]]
  readonly isRenderedOnServers: boolean
}

const bindings: readonly Binding[] = [
  { name: 'react', checker: ['tsc'], isRenderedOnServers: true },
  { name: 'vue', checker: ['vue-tsc'], isRenderedOnServers: true },
  { name: 'svelte', checker: ['svelte-check', '--fail-on-warnings', '--output', 'machine'], isRenderedOnServers: true },
  { name: 'solid', checker: ['tsc'], isRenderedOnServers: true },
  { name: 'angular', checker: ['ngc', '--project', 'tsconfig.app.json', '--noEmit'], isRenderedOnServers: false },
  { name: 'lit', checker: ['tsc'], isRenderedOnServers: false },
]

const empty = { status: 'open', last: '', messages: [], letters: '0' }

const newPage = useBrowser()

describe.each(bindings)('$name', ({ name, checker: [program, ...args], isRenderedOnServers }) => {
  const app = useApp(name)

  test('what a user writes type-checks over the packed package', async () => {
    await expect(app().project.run(program, ...args)).resolves.not.toMatch(/warning|error TS/)
  })

  test('a component shows the state, the last message, the list and what was made of all, and sends', async (context) => {
    const server = await startChat(app().built)
    const page = await openChat(context, newPage, server.origin)
    await eventually(page.read).toEqual(empty)

    await page.say('hello')
    await eventually(page.read).toEqual({ status: 'open', last: 'hello', messages: ['hello'], letters: '5' })
    server.say('/chat', 'hi')

    await eventually(page.read).toEqual({ status: 'open', last: 'hi', messages: ['hello', 'hi'], letters: '7' })
    expect(page.wrong).toEqual([])
  })

  test('a component shows that the server is away, and goes on when it is back', async (context) => {
    const server = await startChat(app().built)
    const page = await openChat(context, newPage, server.origin)
    await eventually(page.read).toEqual(empty)
    server.say('/chat', 'one')
    await eventually(async () => (await page.read()).messages).toEqual(['one'])

    await server.stop()
    await eventually(async () => (await page.read()).status).toBe('waiting')
    await server.start()
    await eventually(async () => (await page.read()).status).toBe('open')
    server.say('/chat', 'two')

    await eventually(page.read).toEqual({ status: 'open', last: 'two', messages: ['one', 'two'], letters: '6' })
    expect(page.wrong).toEqual([])
  })

  test('a component follows each store once, leaves nobody behind, and finds the values again', async (context) => {
    const server = await startChat(app().builtToDevelop)
    const page = await openChat(context, newPage, server.origin)
    await eventually(page.read).toEqual(empty)
    expect(await page.countSubscribers()).toBe(4)
    server.say('/chat', 'one')
    await eventually(async () => (await page.read()).messages).toEqual(['one'])

    await page.show('none')
    await eventually(page.countSubscribers).toBe(0)
    expect(server.open('/chat')).toBe(1)
    await page.show('shared')
    await eventually(page.read).toEqual({ status: 'open', last: 'one', messages: ['one'], letters: '3' })

    expect(await page.countSubscribers()).toBe(4)
    expect(page.wrong).toEqual([])
  })

  test('a client of a component is connected while it is shown, and leaves nothing at the server or in the page', async (context) => {
    const server = await startChat(app().built)
    const page = await openChat(context, newPage, `${server.origin}/#idle`)
    const before = await page.held()

    await page.show('own')
    await eventually(page.read).toEqual(empty)
    expect(server.open('/own')).toBe(1)
    expect((await page.held()).listeners).toBeGreaterThan(before.listeners)
    await page.show('none')
    await eventually(() => server.open('/own')).toBe(0)

    expect(await page.held()).toEqual(before)
    expect(server.dialled('/own')).toBe(1)
    expect(page.wrong).toEqual([])
  })

  test('a component that goes while its client waits leaves no timer', async (context) => {
    const server = await startChat(app().built)
    const page = await openChat(context, newPage, `${server.origin}/#idle`)
    const before = await page.held()
    await page.show('own')
    await eventually(page.read).toEqual(empty)

    await server.stop()
    await eventually(async () => (await page.read()).status).toBe('waiting')
    expect((await page.held()).timers).toBeGreaterThan(before.timers)
    await page.show('none')

    await eventually(page.held).toEqual(before)
    expect(page.wrong).toEqual([])
  })

  test('in the build for development a component has one open client, also where it is mounted twice to find mistakes', async (context) => {
    const server = await startChat(app().builtToDevelop)
    const page = await openChat(context, newPage, `${server.origin}/#idle`)

    await page.show('own')
    await eventually(page.read).toEqual(empty)
    server.say('/own', 'one')
    await eventually(async () => (await page.read()).messages).toEqual(['one'])
    expect(server.open('/own')).toBe(1)
    await page.show('none')

    await eventually(() => server.open('/own')).toBe(0)
    expect(page.wrong).toEqual([])
  })

  if (!isRenderedOnServers) return

  test('a server renders it, and the page takes it over as it is', async (context) => {
    const rendered = await renderApp(app())
    expect(rendered.body).toMatch(/<p id="status"[^>]*>(<!--.*?-->)*idle/)
    expect(rendered.subscribers).toBe(0)
    const server = await startChat(app().builtToDevelop)

    const page = await openChat(context, newPage, server.origin + writeRendered(app(), rendered))
    await eventually(page.read).toEqual(empty)
    await page.say('hello')
    await eventually(page.read).toEqual({ status: 'open', last: 'hello', messages: ['hello'], letters: '5' })

    expect(await page.isRendered()).toBe(true)
    expect(page.wrong).toEqual([])
  })
})
