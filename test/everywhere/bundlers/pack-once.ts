/** Packs the package once for all projects that install it. */
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packInto } from '../../package/npm.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of what `npm pack` made. */
    tarball: string
  }
}

export default async function packOnce({ name, provide }: TestProject): Promise<void> {
  provide('tarball', await packInto(join(import.meta.dirname, '..', '..', '..', '.tmp', name)))
}
