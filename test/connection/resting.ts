/** Circumstances of page life: clients that rest, each for one reason, and a page that changes without an event. */
import { RealtimeError } from '../../src/index.ts'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenOpen, givenRaw, givenWaiting } from '../circumstances.ts'

type Options = NonNullable<Parameters<typeof given>[0]>

/** The first try has failed, and the browser has said that it is offline. */
export function givenOffline(options: Options = {}) {
  const all = givenWaiting(options)
  all.environment.setOnline(false)
  return all
}

/** Hidden for as long as a hidden page keeps its link here: one second. */
export async function givenHidden(options: Options = {}) {
  const all = givenOpen({ lifecycle: { hidden: 1000 }, ...options })
  all.environment.setVisible(false)
  await all.environment.advance(1000)
  return all
}

/** The server has asked to be left alone for a minute: with random numbers of 0.5 the wait becomes 66 s. */
export function givenRetryAfter(options: Options = {}) {
  const all = given(options)
  all.client.connect()
  all.link().end({ retryAfter: 60_000 })
  return { ...all, askedUntil: all.environment.now() + 66_000 }
}

/** An open link that was lost, and that the platform will restore 3 s from now. */
export function givenRestoring(options: Options = {}) {
  const all = givenRaw({}, options)
  all.client.connect()
  all.link().observer.opened()
  all.link().observer.interrupted(new RealtimeError('lost'), all.environment.now() + 3000)
  return all
}

/** The page is hidden already, so that it can be shown. */
export function hiddenPage(): FakeEnvironment {
  const environment = fakeEnvironment()
  environment.setVisible(false)
  return environment
}

export interface QuietEnvironment extends FakeEnvironment {
  /** Hides or shows the page, and tells nobody: after a freeze, `visibilitychange` may not come. */
  setVisibleQuietly(visible: boolean): void
}

export function quietEnvironment(): QuietEnvironment {
  const loud = fakeEnvironment()
  let isHidden: boolean | undefined
  return {
    ...loud,
    isHidden: () => isHidden ?? loud.isHidden(),
    setVisible(visible) {
      isHidden = undefined
      loud.setVisible(visible)
    },
    setVisibleQuietly(visible) {
      isHidden = !visible
    },
    get held() {
      return loud.held
    },
  }
}

/** How a page stops running, and how it goes on; each named with its rule. */
export const ways: readonly [string, (page: FakeEnvironment) => void, (page: FakeEnvironment) => void][] = [
  ['[LC3] freeze and resume', (page) => page.freeze(), (page) => page.resume()],
  ['[LC2] pagehide and pageshow', (page) => page.pageHide(true), (page) => page.pageShow(true)],
]

/** Everything that a page may tell, ending where it began. */
export function tellEverything(page: FakeEnvironment): void {
  page.setOnline(false)
  page.setOnline(true)
  page.setVisible(false)
  page.setVisible(true)
  page.freeze()
  page.resume()
  page.pageHide(true)
  page.pageShow(true)
}
