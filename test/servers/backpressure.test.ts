import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { eventBytes, startPouringServer } from './pouring-server.ts'

const program = fileURLToPath(new URL('slow-reader.ts', import.meta.url))
const megabyte = 2 ** 20
/** What sockets and the platform’s own buffers hold at both ends. Linux lets a receiver’s grow to 32 MB where it sees fit. */
const buffers = 64 * megabyte

interface Report {
  readonly taken: number
  readonly memory: number
}

/** A process that reads with `readEvents`, and takes no event but those that the test tells it to take. */
function givenReader(url: string) {
  const reader: ChildProcess = fork(program, [url], { execArgv: ['--expose-gc'] })
  onTestFinished(() => void reader.kill('SIGKILL'))
  return {
    async take(portion: number): Promise<Report> {
      const answer = once(reader, 'message')
      reader.send(portion)
      const [report] = await answer
      return report as Report
    },
    leave: () => void reader.send(0),
  }
}

test('[FS10] a slow reader holds the server back, and keeps its own memory where it was', {
  timeout: 120_000,
}, async () => {
  const server = await startPouringServer()
  const reader = givenReader(server.url)
  await reader.take(1)
  const first = await server.standsStill()
  expect(first).toBeLessThan(buffers)
  expect(server.isHeldBack()).toBe(true)

  const { memory: before } = await reader.take(1)
  const portion = 16 * megabyte
  const grown: number[] = []
  const stood: number[] = []
  for (let round = 1; round <= 4; round += 1) {
    const { memory } = await reader.take(portion / eventBytes)
    grown.push(memory - before)
    stood.push((await server.standsStill()) - round * portion)
    expect(server.isHeldBack()).toBe(true)
  }
  console.log(
    `[sse] held back at ${mb(first)} MB; after each further 16 MB at ${stood.map(mb)} MB more than was read, ` +
      `and the reader had grown by ${grown.map(mb)} MB`,
  )

  for (const ahead of stood) expect(ahead).toBeLessThan(buffers)
  // What was kept of each portion would be four of them by now.
  for (const growth of grown) expect(growth).toBeLessThan(portion)
  // It went on each time: that the server stands still is the reader's doing.
  expect(server.written()).toBeGreaterThan(4 * portion)

  reader.leave()
  await server.gone()
})

function mb(bytes: number): string {
  return (bytes / megabyte).toFixed(1)
}
