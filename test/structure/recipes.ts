/** Holds the recipes of docs/recipes, and the servers of docs/servers, against the documents that quote them. A pure function over texts. */
import { findQuotes, type Quote } from '../checks/markdown.ts'
import type { Files } from './files.ts'

/** The most lines of a recipe for a server, and of any other. One recipe solves one problem: what is longer has two in it. */
const mostServerLines = 40
const mostClientLines = 30

/** What is wrong between the recipes and the blocks that name them as their `title`, one sentence each. */
export function judgeRecipes(recipes: Files, documents: Files): readonly string[] {
  const found: string[] = []
  const quoted = new Set<string>()

  for (const [document, markdown] of documents) {
    for (const block of findQuotes(markdown)) {
      if (block.title === undefined) continue
      quoted.add(block.title)
      const wrong = judgeQuote(block, recipes.get(block.title))
      if (wrong !== undefined) found.push(`${document}:${block.line} ${wrong}`)
    }
  }
  for (const [path, text] of recipes) {
    const limit = path.includes('/server/') ? mostServerLines : mostClientLines
    // A whole server may be too long for a page; then there is a link to it.
    const isServer = path.startsWith('docs/servers/')
    if (!quoted.has(path) && !(isServer && isLinked(path, documents))) found.push(`${path} is quoted nowhere`)
    if (!isServer && linesOf(text).length > limit) found.push(`${path} has more than ${limit} lines`)
  }
  return found
}

function isLinked(path: string, documents: Files): boolean {
  return [...documents.values()].some((markdown) => markdown.includes(`(..${path.slice('docs'.length)})`))
}

function judgeQuote({ title, code }: Quote, recipe: string | undefined): string | undefined {
  if (recipe === undefined) return `quotes ${title}, which is not there`

  const lines = linesOf(recipe)
  const at = lines.findIndex((line, index) => line !== code[index])
  if (at !== -1) return `differs from ${title} in line ${at + 1}: ${lines[at]}`
  return code.length > lines.length ? `has more lines than ${title}` : undefined
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n')
}
