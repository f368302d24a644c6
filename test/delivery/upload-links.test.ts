import { expect, test } from 'vitest'
import { uploadFile } from '../../docs/recipes/upload-file.ts'
import { createClient } from '../../src/client.ts'
import { fakeEnvironment, fakeTransport } from '../../src/testing/index.ts'
import { newest } from '../circumstances.ts'

/**
 * A slow disk: the first piece takes long. Meanwhile link 1 is lost, link 2 answers and is lost, link 3 opens and is asked. The
 * recipe takes link 2's answer for link 3's, and sends from there; receive-upload.ts writes where *it* is: the file is corrupt.
 */
test('[SQ5] the answer of an older link does not say where to go on on a newer one', async () => {
  const transport = fakeTransport()
  const environment = fakeEnvironment()
  const client = createClient(transport, { environment })
  const link = () => newest(transport.links)
  const answer = (offset: number) => link().receive(JSON.stringify({ type: 'upload-at', data: offset }))
  let read = () => {}
  const slow = new Promise<void>((resolve) => {
    read = resolve
  })
  const file = {
    size: 200_000,
    slice: () => ({ arrayBuffer: () => slow.then(() => new ArrayBuffer(65_536)) }),
  } as unknown as Blob
  client.connect()
  link().open()
  const upload = uploadFile(client as never, 'f', file).catch(() => {})
  answer(0)
  await environment.advance(0)
  link().end()
  await environment.advance(1000)
  link().open()
  answer(0)
  link().end()
  await environment.advance(3000)
  const third = link()
  third.open()
  read()
  await environment.advance(1000)
  const sent = third.sent.map((frame) => (typeof frame === 'string' ? 'ask' : 'bytes'))
  client.close()
  await upload

  // Before this link has said where it is, nothing that it would take as the next piece.
  expect(sent).toEqual(['ask'])
})
