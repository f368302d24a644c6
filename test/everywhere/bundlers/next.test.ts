import { expect, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { useBrowser } from '../../browser/use-browser.ts'
import { openGreeted } from './greeted-page.ts'
import { startGreetings } from './start-greetings.ts'
import { useProject } from './use-project.ts'

const project = useProject('next')
const newPage = useBrowser()

test('[PK1] Next.js renders a page with clients on the server, and the page connects when it is shown', async (context) => {
  const server = await startGreetings()
  await project().run('next', 'build')
  const address = await project().serve('next', 'start', '--hostname', '127.0.0.1', '--port', '0')

  const rendered = await (await fetch(address)).text()
  expect(rendered).toContain('<p id="server">idle</p><p id="status">idle</p><ul></ul>')
  expect(server.dials).toEqual([])

  const greeted = await openGreeted(context, newPage, address, server)
  await greeted.shows(['websocket: hello'])
  await eventually(() => greeted.page.locator('#status').textContent()).toBe('open')
  expect(server.dials).toHaveLength(1)
})
