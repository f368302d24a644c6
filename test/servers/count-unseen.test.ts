import { expect, onTestFinished, test, vi } from 'vitest'
import { countUnseen } from '../../docs/recipes/count-unseen.ts'
import { createClient } from '../../src/index.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'

test('what comes while the page is hidden is counted, and showing it begins anew', () => {
  const { say, setHidden, shown } = givenPage()
  say('seen')
  setHidden(true)
  for (const text of ['one', 'two']) say(text)
  setHidden(false)
  say('seen, too')
  setHidden(true)
  say('three')

  expect(shown).toEqual([1, 2, 0, 1])
})

test('nothing is counted, and nothing shown, once it has ended', () => {
  const { say, setHidden, shown, stop } = givenPage()
  stop()
  setHidden(true)
  say('one')
  setHidden(false)

  expect(shown).toEqual([])
})

function givenPage() {
  const page = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal('document', page)
  onTestFinished(() => void vi.unstubAllGlobals())
  const transport = fakeTransport()
  const client = createClient<{ chat: string }>(transport, { environment: fakeEnvironment() })
  onTestFinished(() => client.close())
  const shown: number[] = []
  const stop = countUnseen(client, 'chat', (unseen) => shown.push(unseen))
  client.connect()
  transport.links[0]?.open()

  return {
    shown,
    stop,
    say: (text: string) => transport.links[0]?.receive(JSON.stringify({ type: 'chat', data: text })),
    setHidden(hidden: boolean) {
      page.hidden = hidden
      page.dispatchEvent(new Event('visibilitychange'))
    },
  }
}
