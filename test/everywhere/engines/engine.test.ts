import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type TestContext, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { eachEngine } from './each-engine.ts'
import { engineNames, type Profile, type Tab } from './engine.ts'

eachEngine(engineNames, ({ openTab, openObserved, openProfile }) => {
  test('two tabs of one profile share locks and channels, and both are seen', async (context) => {
    const url = await serve(context, '<!doctype html><title>plain</title>')
    const profile = await openProfile(context)
    const one = await openPage(profile, url)
    const other = await openPage(profile, url)

    await other.run(() => {
      const heard = new Promise((resolve) => {
        new BroadcastChannel('words').onmessage = ({ data }) => resolve(data)
      })
      Object.assign(window, { heard })
    })
    await one.run(async () => {
      await new Promise<void>((held) => {
        navigator.locks.request('one of us', () => {
          held()
          return new Promise(() => {})
        })
      })
      new BroadcastChannel('words').postMessage('hello')
    })

    expect(await other.run(() => (window as unknown as { heard: Promise<string> }).heard)).toBe('hello')
    const ask = () => navigator.locks.request('one of us', { ifAvailable: true }, (lock) => lock !== null)
    expect(await other.run(ask)).toBe(false)
    expect([await one.run(() => document.visibilityState), await other.run(() => document.visibilityState)]).toEqual([
      'visible',
      'visible',
    ])
  })

  test('two profiles share nothing', async (context) => {
    const url = await serve(context, '<!doctype html><title>plain</title>')
    const [one, other] = [await openProfile(context), await openProfile(context)]
    const tab = await openPage(one, url)
    await tab.run(async () => {
      localStorage.setItem('key', 'value')
      await new Promise<void>((held) => {
        navigator.locks.request('one of us', () => {
          held()
          return new Promise(() => {})
        })
      })
    })

    const stranger = await openPage(other, url)
    const seen = await stranger.run(async () => ({
      value: localStorage.getItem('key'),
      free: await navigator.locks.request('one of us', { ifAvailable: true }, (lock) => lock !== null),
    }))
    expect(seen).toEqual({ value: null, free: true })
  })

  test('tabs of one profile come and go, and find the way back', async (context) => {
    const url = await serve(context, '<!doctype html><title>plain</title>')
    const profile = await openProfile(context)
    const gone = await openPage(profile, url)
    await gone.close()
    // As often as one likes: a test closes it, and so does its end.
    await gone.close()
    const tab = await openPage(profile, url)

    await tab.goto(`${url}next`)
    await tab.back()

    await eventually(() => tab.run(() => location.pathname)).toBe('/')
  })

  test('what a page complains about from its first script on is heard', async (context) => {
    const script = "console.error('logged'); setTimeout(() => { throw new Error('thrown late') })"
    const url = await serve(context, `<!doctype html><title>bad</title><script>${script}</script>`)
    const [, complaints] = await openObserved(context, url)

    await eventually(async () => (await complaints()).join()).toMatch(/logged.*thrown late/)
  })

  test('what the page before has left behind is no complaint of the next one', async (context) => {
    const asks = 'setInterval(() => fetch("/slow").catch(() => {}), 3)'
    const url = await serve(context, `<!doctype html><title>asks</title><script>${asks}</script>`)
    const tab = await (await openProfile(context)).open()

    for (const round of ['first', 'second', 'third', 'fourth', 'fifth']) {
      const next = await serve(context, `<!doctype html><title>plain</title><script>console.error('${round}')</script>`)
      await tab.goto(url)
      await eventually(() => tab.run(() => performance.now())).toBeGreaterThan(100)
      await tab.goto('about:blank')
      const complaints = await tab.gotoObserved(next)

      await eventually(complaints).toEqual([`error: ${round}`])
    }
  })

  test('what is thrown in a page is thrown out here', async (context) => {
    const tab = await openTab(context, await serve(context, '<!doctype html><title>plain</title>'))
    const fail = () => Promise.reject(new Error('in the page'))

    await expect(tab.run(fail)).rejects.toThrow('in the page')
  })
})

async function openPage(profile: Profile, url: string): Promise<Tab> {
  const tab = await profile.open()
  await tab.goto(url)
  return tab
}

/** Every path leads to this page, one of them later. */
async function serve(context: TestContext, markup: string): Promise<string> {
  const server = createServer((request, response) => {
    const answer = () => response.writeHead(200, { 'content-type': 'text/html' }).end(markup)
    if (request.url === '/slow') setTimeout(answer, 50)
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
