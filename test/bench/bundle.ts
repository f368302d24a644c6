/**
 * Bundles each contender by itself. So each has code of its own, as it has in a page: if two shared a parser, the calls in it
 * would lead to the callbacks of both, and the compiler would inline neither.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { root } from '../checks/command.ts'
import type { Contender } from './contender.ts'

const folder = join(root, 'test', 'bench', 'contenders')

export async function loadContender(file: string): Promise<Contender> {
  const outfile = join(root, '.tmp', 'bench', `${file}.mjs`)
  // This one is written for pages, and runs in Node only with these in place of a page's globals.
  const inject = file === 'fetch-event-source' ? [join(folder, 'no-page.ts')] : []
  await build({ ...options(file), platform: 'node', inject, outfile })
  const { contender } = await import(pathToFileURL(outfile).href)
  return contender
}

/** A script for a page, which leaves the contender in a global variable of that name. */
export async function bundleForPage(file: string, globalName: string): Promise<string> {
  const { outputFiles } = await build({ ...options(file), format: 'iife', globalName, write: false })
  return outputFiles[0]?.text ?? ''
}

function options(file: string) {
  return {
    entryPoints: [join(folder, `${file}.ts`)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  } satisfies BuildOptions
}
