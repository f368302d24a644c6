/**
 * The room of the common text: one text, the order of its edits, and who writes it. It takes checked frames and gives events, and
 * knows nothing of sockets. An edit that was made for an older text is changed so that it fits the newest one.
 */
import { randomUUID } from 'node:crypto'
import type { Guest, Line } from './frame-socket.ts'
import { apply, lengthBefore, moveCaret, type Operation, transform } from './pages/text-operation.js'
import { type Edit, longestText, type Person, type Selection, type TextFrame } from './text-frames.ts'

export interface TextRoom {
  /** `undefined` where `mostPeople` are in. */
  enter(line: Line): Guest<TextFrame> | undefined
}

/** Where the text outlives the process. */
export interface TextJournal {
  /** What is there already; `edits` follow each other up to the newest one, and `text` is that before the first of them. */
  readonly saved: { readonly document: string; readonly text: string; readonly edits: readonly Edit[] } | undefined
  begin(document: string, text: string, edits: readonly Edit[]): void
  /** Returns when it is kept: nobody hears of an edit before. */
  append(edit: Edit): void
}

export const mostPeople = 50
/** So many edits back a page can be told what it missed; one that missed more gets the whole text. */
export const keptEdits = 1000
/** Keys are remembered longer than edits: an edit that comes twice must be known as long as any page may repeat it. */
const keptKeys = 20_000
const colours = 8

const firstText = `The harbour's notice board

Write here, and watch the others write.
Stop the server's sockets, go on writing, and start them again.
`

interface Writer {
  readonly line: Line
  readonly id: number
  readonly colour: number
  /** Not before its 'hello'. */
  name?: string
  selection?: Selection | undefined
}

export function createTextRoom(journal?: TextJournal): TextRoom {
  const writers = new Set<Writer>()
  const document = journal?.saved?.document ?? randomUUID()
  const edits: Edit[] = [...(journal?.saved?.edits ?? [])]
  const keys = new Set<string>(edits.map(({ key }) => key))
  let revision = edits.at(-1)?.revision ?? 0
  let text = edits.reduce((before, { operation }) => apply(before, operation), journal?.saved?.text ?? firstText)
  let newest = 0
  /** What came before the kept edits, for the journal. */
  let oldText = journal?.saved?.text ?? firstText
  if (!journal?.saved) journal?.begin(document, text, edits)

  function present(): Writer[] {
    return [...writers].filter(({ name }) => name !== undefined)
  }

  function tellAll(type: string, data: unknown, except?: Writer): void {
    for (const writer of present()) if (writer !== except) writer.line.send(type, data)
  }

  function people(): Person[] {
    return present().map(({ id, name = '', colour, selection }) => ({ id, name, colour, selection }))
  }

  /** The edits after this revision, or `undefined` where they are not kept any more, or never were made. */
  function since(known: number): readonly Edit[] | undefined {
    const missed = revision - known
    if (missed < 0 || missed > edits.length) return undefined
    return missed === 0 ? [] : edits.slice(-missed)
  }

  function welcome(writer: Writer, hello: Extract<TextFrame, { type: 'hello' }>): void {
    writer.name = hello.name
    const missed = hello.document === document ? since(hello.revision) : undefined
    writer.line.send('welcome', {
      you: writer.id,
      document,
      revision,
      people: people(),
      isKnown: hello.document === document && hello.key !== undefined && keys.has(hello.key),
      ...(missed ? { edits: missed } : { text }),
    })
    tellAll('people', people(), writer)
  }

  function remember(edit: Edit): void {
    journal?.append(edit)
    edits.push(edit)
    keys.add(edit.key)
    const [oldestKey = ''] = keys
    if (keys.size > keptKeys) keys.delete(oldestKey)

    const oldest = edits.length > keptEdits ? edits.shift() : undefined
    if (!oldest) return
    oldText = apply(oldText, oldest.operation)
    // From time to time, so that the journal does not grow for ever.
    if (revision % keptEdits === 0) journal?.begin(document, oldText, edits)
  }

  function edit(writer: Writer, { revision: base, key, operation }: Extract<TextFrame, { type: 'edit' }>): void {
    const missed = since(base)
    // Such a key has been told as an edit already; what is for no text that was ever here is nobody's edit.
    if (keys.has(key) || !missed) return
    const [firstMissed] = missed
    if (lengthBefore(operation) !== (firstMissed ? lengthBefore(firstMissed.operation) : text.length)) return

    const now = missed.reduce<Operation>((past, { operation: other }) => transform(past, other, 'second'), operation)
    const next = apply(text, now)
    if (next.length > longestText) return writer.line.send('refused', { key })

    text = next
    revision += 1
    const made: Edit = { revision, key, operation: now }
    remember(made)
    for (const each of writers) each.selection = each.selection && moveSelection(each.selection, now)
    tellAll('edit', { ...made, by: writer.id })
  }

  function select(writer: Writer, { revision: base, start, end }: Extract<TextFrame, { type: 'select' }>): void {
    const missed = since(base)
    if (!missed) return
    const moved = missed.reduce<Selection>((past, { operation }) => moveSelection(past, operation), { start, end })
    writer.selection = { start: Math.min(moved.start, text.length), end: Math.min(moved.end, text.length) }
    tellAll('select', { by: writer.id, revision, ...writer.selection }, writer)
  }

  return {
    enter(line) {
      if (writers.size >= mostPeople) return undefined

      newest += 1
      const writer: Writer = { line, id: newest, colour: freeColour([...writers]) }
      writers.add(writer)

      return {
        receive(frame) {
          if (!writers.has(writer)) return
          if (frame.type === 'ping') return line.send('pong', undefined)
          if (frame.type === 'hello') return welcome(writer, frame)

          // Who has not said hello does not know the text.
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

/** The one that the fewest have. */
function freeColour(writers: readonly Writer[]): number {
  const counts = Array.from({ length: colours }, (_, colour) => writers.filter((each) => each.colour === colour).length)
  return counts.indexOf(Math.min(...counts))
}
