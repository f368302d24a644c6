import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Checkout, findBlockers } from './blockers.ts'

/** Ready to be released; each test below spoils one thing. */
const ready: Checkout = {
  changes: '',
  tags: ['v1.2.0'],
  changesets: ['README.md', 'config.json'],
  changelog: '# Changelog\n\nWords.\n\n## 1.2.0\n\n- New.\n\n## 1.1.0\n',
  manifest: { version: '1.2.0', repository: { type: 'git', url: 'git+https://example.com/holdfast.git' } },
  lockedVersion: '1.2.0',
}

test('nothing stands in the way of what is ready', () => {
  expect(findBlockers(ready)).toEqual([])
})

test.each<[string, Partial<Checkout>, RegExp]>([
  ['a change that is not committed', { changes: ' M src/client.ts\n' }, /not committed:\n M src\/client\.ts$/],
  ['a changeset', { changesets: ['README.md', 'brave-otters-sing.md'] }, /`npm run version`: brave-otters-sing\.md/],
  ['a changelog that ends before', { changelog: '# Changelog\n\n## 1.1.0\n' }, /CHANGELOG\.md is 1\.1\.0, not 1\.2\.0/],
  ['a changelog of nothing', { changelog: '# Changelog\n' }, /CHANGELOG\.md is none/],
  ['a lockfile of before', { lockedVersion: '1.1.0' }, /package-lock\.json is of 1\.1\.0/],
  ['a commit without its tag', { tags: ['v1.1.0'] }, /no tag v1\.2\.0/],
  ['a package without an address', { manifest: { version: '1.2.0' } }, /no `repository`/],
])('%s stands in the way', (_, spoilt, sentence) => {
  expect(findBlockers({ ...ready, ...spoilt })).toEqual([expect.stringMatching(sentence)])
})

test('the changelog begins with the version of the package, which is that of the lockfile', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const { version: lockedVersion } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const tags = [`v${manifest.version}`]

  expect(
    findBlockers({ ...ready, manifest: { ...ready.manifest, ...manifest }, tags, changelog, lockedVersion }),
  ).toEqual([])
})
