/** Which statuses may follow when a try or a link has failed. */
import type { ErrorCode } from '../../src/index.ts'
import type { Expected } from './expectation.ts'
import type { ScriptedLink } from './scripted-transport.ts'
import type { World } from './world.ts'

const retryable: readonly ErrorCode[] = ['unreachable', 'timeout', 'silent', 'lost', 'unauthorized']

export function afterFailure(world: World, link: ScriptedLink, code: ErrorCode): Expected {
  const { reconnect, isLocal } = world.drawn
  const { client, transport } = world
  const mayPass = retryable.includes(code) || (code === 'not-a-stream' && client.state.status === 'open')
  if (reconnect.kind === 'off') return ['closed']
  // A client that was open may see a captive portal. With a handshake, a link may have opened although the client never did.
  if (!mayPass && code === 'not-a-stream' && transport.links.some(({ opened, interrupted }) => opened || interrupted)) {
    return ['closed', 'waiting', 'suspended']
  }
  if (!mayPass) return ['closed']
  if (reconnect.kind === 'policy' && world.nextAnswer() === null) {
    return code === 'unauthorized' || link.interrupted ? ['closed', 'connecting'] : ['closed']
  }

  const { error, attempt } = link.request
  const failures = isStable(world, link) ? 0 : attempt
  const isLast = reconnect.kind === 'options' && failures >= reconnect.maxAttempts
  if (code === 'unauthorized') {
    // The user's own try starts afresh, whatever it is told of the one before.
    const isSecond = error?.code === 'unauthorized' && !link.byUser && failures > 0
    if (isSecond || (isLast && !isVague(world, link))) return ['closed']
    return link.byUser && !isVague(world, link) ? ['connecting'] : ['connecting', 'closed']
  }
  if (isVague(world, link)) return ['waiting', 'suspended', 'closed']
  return isLast ? ['closed'] : world.page.isBelievedOffline && !isLocal ? ['suspended'] : ['waiting']
}

function isStable({ client: { state }, drawn: { reconnect }, environment }: World, link: ScriptedLink): boolean {
  const stableAfter = reconnect.kind === 'options' ? reconnect.stableAfter : 5000
  return state.status === 'open' && link.opened && Math.abs(environment.now() - state.openedAt) >= stableAfter
}

/** The number of failures is not known: tries of a hidden page do not count, those of the platform only where the link had opened. The model counts neither. */
function isVague({ hasHidden }: World, { interrupted }: ScriptedLink): boolean {
  return hasHidden || interrupted
}
