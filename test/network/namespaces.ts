/**
 * Two network namespaces joined by a virtual cable, and the faults of that cable. Needs root, `ip`, `ss` and `nft`. Nothing
 * of it touches the machine's own network. The kernel need not have netem: packets are dropped by nftables.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const serverAddress = '10.77.0.1'
const clientAddress = '10.77.0.2'
const cable = 'cable'

/** Debian keeps `ip`, `ss` and `nft` where only root looks, and not every way to become root looks there. */
const path = [process.env.PATH, '/usr/sbin', '/sbin', '/usr/bin', '/bin'].join(delimiter)
const prefix = 'holdfast-'

export interface Pair {
  /** The beginning of a command line that runs in the namespace of the client, or of the server. */
  readonly asClient: readonly string[]
  readonly asServer: readonly string[]
  /** Drops every packet, without a word to either side. */
  blackhole(): void
  /** Answers every packet to the server with a reset. */
  reject(): void
  /** Drops this share of the packets, in each direction. */
  lose(share: number): void
  /** Ends what the three above have begun. */
  cure(): void
  unplug(): void
  plug(): void
  /** Ends every connection of the client to this port, as if its system had decided so. Returns how many. */
  killSockets(port: number): number
  /** Ends every process inside, and removes both. Idempotent. */
  remove(): void
}

/** Why there can be no namespaces here, in one sentence; `undefined` if there can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  if (process.getuid?.() !== 0) return 'this is not root: try `sudo npm run test:network`'
  const missing = ['ip', 'ss', 'nft'].filter((tool) => !path.split(delimiter).some((at) => existsSync(join(at, tool))))
  if (missing.length > 0) {
    return `there is no ${missing.join(' and no ')}: apt-get install -y --no-install-recommends iproute2 nftables`
  }
  let pair: Pair | undefined
  try {
    pair = createPair('trial')
    pair.blackhole()
    pair.cure()
    return undefined
  } catch (error) {
    return `no namespaces can be made here (${String((error as Error).message)
      .trim()
      .replaceAll(/\s+/g, ' ')})`
  } finally {
    pair?.remove()
  }
}

/** Removes what a run left behind that was killed before it could. */
export function sweep(): void {
  for (const line of run('ip', 'netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ')
    const [, pid] = /^holdfast-(\d+)-/.exec(name) ?? []
    if (pid && !existsSync(`/proc/${pid}`)) run('ip', 'netns', 'delete', name)
  }
}

/** `name` tells the pairs of one run apart; the process id tells the runs apart. */
export function createPair(name: string): Pair {
  const client = `${prefix}${process.pid}-${name}-client`
  const server = `${prefix}${process.pid}-${name}-server`
  const inside = (namespace: string) => ['ip', 'netns', 'exec', namespace] as const
  const atClient = (...command: readonly string[]) => run(...inside(client), ...command)
  const atServer = (...command: readonly string[]) => run(...inside(server), ...command)

  const pair: Pair = {
    asClient: inside(client),
    asServer: inside(server),
    blackhole: () => filter('policy drop; iifname "lo" accept', 'policy drop; oifname "lo" accept'),
    reject: () => filter('policy accept; iifname != "lo" meta l4proto tcp reject with tcp reset'),
    lose(share) {
      const dice = `numgen random mod 1000 < ${Math.round(share * 1000)} drop`
      filter(`policy accept; iifname != "lo" ${dice}`, `policy accept; oifname != "lo" ${dice}`)
    },
    cure: () => atServer('nft', 'delete table inet fault'),
    unplug: () => atClient('ip', 'link', 'set', cable, 'down'),
    plug: () => atClient('ip', 'link', 'set', cable, 'up'),
    killSockets(port) {
      const killed = atClient('ss', '-K', '-H', '-t', '-n', 'state', 'established', 'dport', '=', `:${port}`)
      return killed.split('\n').filter((line) => line.includes(`:${port}`)).length
    },
    remove() {
      for (const namespace of [client, server]) {
        if (!existsSync(join('/run/netns', namespace))) continue
        // Chromium's own helpers outlive a launcher that was ended: whatever lives in here is of this run.
        for (const pid of run('ip', 'netns', 'pids', namespace).split('\n').filter(Boolean)) end(Number(pid))
        run('ip', 'netns', 'delete', namespace)
      }
    },
  }

  function filter(input: string, output = 'policy accept;'): void {
    atServer(
      'nft',
      `table inet fault {
        chain incoming { type filter hook input priority 0; ${input}; }
        chain outgoing { type filter hook output priority 0; ${output}; }
      }`.replaceAll(';;', ';'),
    )
  }

  try {
    run('ip', 'netns', 'add', client)
    run('ip', 'netns', 'add', server)
    run(...`ip link add ${cable} netns ${client} type veth peer name ${cable} netns ${server}`.split(' '))
    atClient('ip', 'address', 'add', `${clientAddress}/24`, 'dev', cable)
    atServer('ip', 'address', 'add', `${serverAddress}/24`, 'dev', cable)
    for (const at of [atClient, atServer]) for (const link of ['lo', cable]) at('ip', 'link', 'set', link, 'up')
    return pair
  } catch (error) {
    pair.remove()
    throw error
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Waits for the command, so that what follows it in time also follows it in the log. Throws with what it said. */
function run(...[command = '', ...args]: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, PATH: path } })
}
