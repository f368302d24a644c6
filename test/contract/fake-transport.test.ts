import { expect, test } from 'vitest'
import { type FakeLink, fakeTransport } from '../../src/testing/index.ts'
import { describeTransport } from './describe-transport.ts'
import { fakeLinks } from './fake-links.ts'
import { recordLink } from './recorded-link.ts'

describeTransport('fakeTransport', fakeLinks({ duplex: true }))
describeTransport('fakeTransport that only receives', fakeLinks({ duplex: false }))

function useUp(link: FakeLink): void {
  link.open()
  link.receive('late')
  link.end()
}

test('[TR2] a fake link that has ended reports nothing more, whatever the test does to it', () => {
  const transport = fakeTransport()
  const { reports } = recordLink(transport)
  transport.links[0]?.end()
  useUp(transport.links[0] as FakeLink)

  expect(reports).toEqual(['ended'])
})

test('[TR3] a fake link that was closed reports nothing more, whatever the test does to it', () => {
  const transport = fakeTransport()
  const { link, reports } = recordLink(transport)
  link.close()
  useUp(transport.links[0] as FakeLink)

  expect(reports).toEqual([])
})
