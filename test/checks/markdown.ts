/** Takes the TypeScript out of Markdown. Knows text only, no compiler and no files. */

export interface Quote {
  /** The number of its first line of code, counted from 1. */
  readonly line: number
  readonly language: string
  /** The file that it quotes: `ts title="docs/recipes/a.ts"`. */
  readonly title?: string
  readonly code: readonly string[]
}

export interface Block extends Quote {
  readonly language: 'ts' | 'tsx'
  /** Stands after a `<!-- continues -->`: belongs to the module of the block before it. */
  readonly continues: boolean
}

/** One module: its blocks stand at the lines at which they stand in the document, so that a compiler's line is the document's. */
export interface DocumentModule {
  readonly language: 'ts' | 'tsx'
  /** The file that it quotes, where it is one block that quotes one. */
  readonly title?: string
  readonly text: string
}

/** Every fenced block marked `ts` or `tsx`, those inside lists included, those inside other fences not. */
export function findBlocks(markdown: string): readonly Block[] {
  return findFenced(markdown).filter((block): block is Block => /^tsx?$/.test(block.language))
}

/** Every fenced block that quotes a file, in whatever language. */
export function findQuotes(markdown: string): readonly Quote[] {
  return findFenced(markdown).filter(({ title }) => title !== undefined)
}

function findFenced(markdown: string): readonly (Quote & Pick<Block, 'continues'>)[] {
  const blocks: (Quote & Pick<Block, 'continues'>)[] = []
  const lines = markdown.split('\n')
  let before = ''

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const opening = /^(\s*)(`{3,}|~{3,})\s*(\w*)(?: title="([^"]*)")?/.exec(line)
    if (opening === null) {
      if (line.trim() !== '') before = line.trim()
      continue
    }

    const [, indent = '', fence = '', language = '', title] = opening
    const first = index + 1
    index = findClosing(lines, first, fence)
    const code = lines.slice(first, index).map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text))
    const continues = before === '<!-- continues -->'
    blocks.push({ line: first + 1, language, ...(title && { title }), code, continues })
    before = line
  }

  return blocks
}

/** One module for each block, with the blocks that continue it. */
export function findModules(markdown: string): readonly DocumentModule[] {
  const groups: Block[][] = []
  for (const block of findBlocks(markdown)) {
    const last = groups.at(-1)
    if (block.continues && last !== undefined) last.push(block)
    else groups.push([block])
  }

  return groups.map((group) => {
    const lines: string[] = []
    for (const block of group) {
      while (lines.length < block.line - 1) lines.push('')
      lines.push(...block.code)
    }
    const [{ title } = {}, ...others] = group
    return {
      language: group.some(({ language }) => language === 'tsx') ? 'tsx' : 'ts',
      ...(title && others.length === 0 && { title }),
      text: `${lines.join('\n')}\n`,
    }
  })
}

/** The index of the line that closes a fence, the end of the document where none does. */
function findClosing(lines: readonly string[], from: number, fence: string): number {
  const closing = new RegExp(`^\\s*${fence.charAt(0)}{${fence.length},}\\s*$`)
  const index = lines.findIndex((line, at) => at >= from && closing.test(line))
  return index === -1 ? lines.length : index
}
