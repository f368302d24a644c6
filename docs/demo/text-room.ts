/**
 * The room of the common text: one text, the order of its edits, and who writes it. It takes checked frames and gives events, and
 * knows nothing of sockets. An edit that was made for an older text is changed so that it fits the newest one. The text is kept in
 * the memory of the process: after a restart, pages that come back bring the text that they have, and the first one is taken.
 */
import { randomUUID } from 'node:crypto'
import type { Guest, Line } from './frame-socket.ts'
import { mostKeys } from './pages/shared-text.js'
import {
  apply,
  difference,
  lengthAfter,
  lengthBefore,
  moveCaret,
  type Operation,
  transform,
} from './pages/text-operation.js'
import { type Edit, longestText, type Person, type Selection, type TextFrame } from './text-frames.ts'

export interface TextRoom {
  /** `undefined` where `mostPeople` are in. */
  enter(line: Line): Guest<TextFrame> | undefined
}

export const mostPeople = 50
/** How many of the last edits are kept, for pages that missed them; a page that missed more gets the whole text. */
export const keptEdits = 1000
/** Keys are remembered longer than edits: an edit that comes twice must be known as long as any page may repeat it. */
const keptKeys = 20_000
const colours = 8

const firstText = `The harbour's notice board

Write here, and watch the others write.
Stop the server's sockets, go on writing, and start them again.
`

type Hello = Extract<TextFrame, { type: 'hello' }>

interface Writer {
  readonly line: Line
  readonly id: number
  readonly colour: number
  /** Set when the page has been welcomed, and so knows the text. */
  name?: string
  selection?: Selection | undefined
}

export function createTextRoom(): TextRoom {
  const writers = new Set<Writer>()
  const document = randomUUID()
  const edits: Edit[] = []
  const keys = new Set<string>()
  let revision = 0
  let text = firstText
  let newest = 0

  function present(): Writer[] {
    return [...writers].filter(({ name }) => name !== undefined)
  }

  function tellAll(type: string, data: unknown, except?: Writer): void {
    for (const writer of present()) if (writer !== except) writer.line.send(type, data)
  }

  function people(): Person[] {
    return present().map(({ id, name = '', colour, selection }) => ({ id, name, colour, selection }))
  }

  /** The edits after this revision, or `undefined` where not all of them are kept, or this text never had that revision. */
  function since(known: number): readonly Edit[] | undefined {
    const missed = revision - known
    if (missed < 0 || missed > edits.length) return undefined
    return missed === 0 ? [] : edits.slice(-missed)
  }

  function welcome(writer: Writer, hello: Hello): void {
    const missed = hello.document === document ? since(hello.revision) : undefined
    writer.name = hello.name
    writer.line.send('welcome', {
      you: writer.id,
      document,
      revision,
      people: people(),
      isKnown: hello.key !== undefined && keys.has(hello.key),
      ...(missed ? { edits: missed } : { text, keys: [...keys].slice(-mostKeys) }),
    })
    tellAll('people', people(), writer)
  }

  /** Takes over the text of an earlier process, unless somebody has already brought or written something in this one. */
  function take(writer: Writer, { text: brought, keys: known }: Extract<TextFrame, { type: 'bring' }>): void {
    const operation = revision === 0 && difference(text, brought)
    if (!operation) return
    for (const key of known) keys.add(key)
    make(writer, randomUUID(), operation)
  }

  function remember(edit: Edit): void {
    edits.push(edit)
    keys.add(edit.key)
    const [oldestKey = ''] = keys
    if (keys.size > keptKeys) keys.delete(oldestKey)

    if (edits.length > keptEdits) edits.shift()
  }

  function edit(writer: Writer, { revision: base, key, operation }: Extract<TextFrame, { type: 'edit' }>): void {
    const missed = since(base)
    // Ignored: an edit that was made before, and one for a text that is not known here, by its revision or by its length.
    if (keys.has(key) || !missed) return
    const [firstMissed] = missed
    if (lengthBefore(operation) !== (firstMissed ? lengthBefore(firstMissed.operation) : text.length)) return

    const fitted = missed.reduce<Operation>((own, { operation: other }) => transform(own, other, 'second'), operation)
    if (lengthAfter(fitted) > longestText) writer.line.send('refused', { key })
    else make(writer, key, fitted)
  }

  function make(writer: Writer, key: string, operation: Operation): void {
    text = apply(text, operation)
    revision += 1
    const made: Edit = { revision, key, operation }
    remember(made)
    for (const each of writers) each.selection = each.selection && moveSelection(each.selection, operation)
    tellAll('edit', { ...made, by: writer.id })
  }

  function select(writer: Writer, { revision: base, start, end }: Extract<TextFrame, { type: 'select' }>): void {
    const missed = since(base)
    if (!missed) return
    const moved = missed.reduce<Selection>((own, { operation }) => moveSelection(own, operation), { start, end })
    writer.selection = { start: Math.min(moved.start, text.length), end: Math.min(moved.end, text.length) }
    tellAll('select', { by: writer.id, revision, ...writer.selection }, writer)
  }

  return {
    enter(line) {
      if (writers.size >= mostPeople) return undefined

      newest += 1
      const writer: Writer = { line, id: newest, colour: freeColour([...writers]) }
      writers.add(writer)
      let hello: Hello | undefined

      return {
        receive(frame) {
          if (!writers.has(writer)) return
          if (frame.type === 'ping') return line.send('pong', undefined)
          if (frame.type === 'hello') {
            hello = frame
            const hasOtherText = frame.document !== undefined && frame.document !== document
            if (hasOtherText && revision === 0) return line.send('welcome', { isAsked: true })
            return welcome(writer, frame)
          }
          if (frame.type === 'bring') {
            if (!hello) return
            take(writer, frame)
            return welcome(writer, hello)
          }

          // A page that was not welcomed does not know the text.
          if (writer.name === undefined) return
          if (frame.type === 'edit') edit(writer, frame)
          else select(writer, frame)
        },

        leave() {
          if (writers.delete(writer) && writer.name !== undefined) tellAll('people', people())
        },
      }
    },
  }
}

function moveSelection({ start, end }: Selection, operation: Operation): Selection {
  return { start: moveCaret(start, operation), end: moveCaret(end, operation) }
}

/** The colour that the fewest writers have. */
function freeColour(writers: readonly Writer[]): number {
  const counts = Array.from({ length: colours }, (_, colour) => writers.filter((each) => each.colour === colour).length)
  return counts.indexOf(Math.min(...counts))
}
