/** What stands in the way of a release. A pure function over what is known of the checkout. */

export interface Checkout {
  /** What `git status --porcelain` prints. */
  readonly changes: string
  /** The tags of the commit that is checked out. */
  readonly tags: readonly string[]
  /** Names in `.changeset`. */
  readonly changesets: readonly string[]
  readonly changelog: string
  readonly manifest: { readonly version: string; readonly repository?: unknown }
  /** The version in package-lock.json. */
  readonly lockedVersion: string
}

/** One sentence for each thing that stands in the way. */
export function findBlockers(checkout: Checkout): readonly string[] {
  const { manifest, changes, tags, changesets, changelog, lockedVersion } = checkout
  const { version, repository } = manifest
  const pending = changesets.filter((name) => name.endsWith('.md') && name !== 'README.md')
  const [, newest = 'none'] = /^## (.+)$/m.exec(changelog) ?? []

  return [
    ...(changes.trim() === '' ? [] : [`There are changes that are not committed:\n${changes.trimEnd()}`]),
    ...(pending.length === 0
      ? []
      : [`Changes are waiting for a version, run \`npm run version\`: ${pending.join(', ')}.`]),
    ...(newest === version ? [] : [`The newest version in CHANGELOG.md is ${newest}, not ${version}.`]),
    ...(lockedVersion === version ? [] : [`package-lock.json is of ${lockedVersion}, not of ${version}: npm install.`]),
    ...(tags.includes(`v${version}`) ? [] : [`The commit has no tag v${version}.`]),
    ...(repository === undefined
      ? [
          'package.json has no `repository`: a proof of where the package was built needs the public address it came from.',
        ]
      : []),
  ]
}
