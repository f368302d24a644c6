/** The settings of docs/guides/servers.md, in front of the servers in Node: what arrives through them, and when. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fetchStream } from '../../../src/index.ts'
import { until } from '../../contract/until.ts'
import { holdClient } from '../../servers/held-client.ts'
import { expectFeed, expectLive } from './clients.ts'
import { findCommand, freePort, servers, startProgram, startServer } from './program.ts'

interface Proxy {
  readonly name: string
  readonly settings: string
  /** What is around the settings in a whole configuration. */
  wrap(settings: string, folder: string): string
  /** The arguments, given the configuration's path. */
  args(path: string, folder: string): readonly string[]
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    settings: 'nginx.conf',
    wrap: (
      settings,
      folder,
    ) => `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/pid; events {}
      http { access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder};`).join(' ')}
        ${settings} }`,
    args: (path, folder) => ['-p', folder, '-e', join(folder, 'error.log'), '-c', path],
  },
  {
    name: 'caddy',
    settings: 'Caddyfile',
    wrap: (settings) => `{\n\tadmin off\n\tauto_https off\n}\n${settings}`,
    args: (path) => ['run', '--config', path, '--adapter', 'caddyfile'],
  },
  {
    name: 'haproxy',
    settings: 'haproxy.cfg',
    wrap: (settings) => settings,
    args: (path) => ['-db', '-f', path],
  },
]

for (const proxy of proxies) {
  const command = findCommand(proxy.name)
  const isThere = command !== undefined
  // Where it is not installed it is skipped by name, and where `CI` is `true` it fails.
  describe.skipIf(!isThere && process.env.CI !== 'true')(
    `${proxy.name}${isThere ? '' : ', which is not there'}`,
    () => {
      test('a stream goes through event by event', async () => {
        const { http } = await startBehind(proxy, command ?? proxy.name)
        await expectFeed(`${http}/events`)
      })

      test('WebSockets go through', async () => {
        const { ws } = await startBehind(proxy, command ?? proxy.name)
        await expectLive(`${ws}/live`)
      })
    },
  )
}

describe.skipIf(findCommand('nginx') === undefined && process.env.CI !== 'true')('nginx without the settings', () => {
  const [nginx] = proxies
  const naked = {
    ...(nginx as Proxy),
    wrap: (_: string, folder: string) =>
      (nginx as Proxy).wrap(
        'server { listen 8080; location /events { proxy_pass http://127.0.0.1:3000; proxy_ignore_headers X-Accel-Buffering; } }',
        folder,
      ),
  }

  test('a stream is held back, which the error’s hint says', async () => {
    const { http } = await startBehind(naked, findCommand('nginx') ?? 'nginx')
    const { client, told } = holdClient(fetchStream(`${http}/events`) as never, { openTimeout: 1500 })
    client.connect()
    await until('an error', () => told.errors.length > 0, 60_000)

    expect(told.errors[0]).toMatchObject({ code: 'timeout', hint: expect.stringMatching(/buffer/) })
  })
})

/** Starts both servers and the proxy, with the ports of the settings replaced by free ones. */
async function startBehind({ settings, wrap, args }: Proxy, command: string) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-proxy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [feed, live] = await Promise.all(
    ['feed', 'live'].map((program) =>
      startServer(process.execPath, [join(servers, `${program}.mjs`)], { EVERY: '40' }),
    ),
  )
  const port = await freePort()
  const ports: Readonly<Record<string, number | undefined>> = { '3000': feed?.port, '3001': live?.port, '8080': port }
  const text = wrap(readFileSync(join(servers, settings), 'utf8'), folder)
  const path = join(folder, settings)
  writeFileSync(
    path,
    text.replace(/(?<=[: ])(3000|3001|8080)\b/g, (found) => `${ports[found]}`),
  )

  const { written, child } = startProgram(command, args(path, folder), { HOME: folder, XDG_DATA_HOME: folder })
  await until(
    `the proxy listens: ${written()}`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended: ${written()}`)
      return fetch(`http://127.0.0.1:${port}/nothing`).then(
        (response) => response.body?.cancel().then(() => true) ?? true,
        () => false,
      )
    },
    60_000,
  )
  return { http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` }
}
