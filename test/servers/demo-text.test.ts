import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Guest } from '../../docs/demo/frame-socket.ts'
import { createSharedText, mostKeys } from '../../docs/demo/pages/shared-text.js'
import {
  apply,
  compose,
  difference,
  invert,
  lengthAfter,
  lengthBefore,
  moveCaret,
  type Operation,
  transform,
} from '../../docs/demo/pages/text-operation.js'
import { type Edit, longestText, readTextFrame, type TextFrame } from '../../docs/demo/text-frames.ts'
import { createTextRoom, keptEdits, mostPeople } from '../../docs/demo/text-room.ts'
import { seeded } from '../circumstances.ts'

test('two edits of one text give the same text in either order, and nothing that was inserted is lost', () => {
  fc.assert(
    fc.property(textAndOperations(2), ([text, a, b]) => {
      const one = apply(apply(text, a), transform(b, a, 'second'))
      const other = apply(apply(text, b), transform(a, b, 'first'))

      expect(one).toBe(other)
      expect(inserted(transform(a, b, 'first'))).toBe(inserted(a))
    }),
  )
})

test('two edits in a row are one edit, and what takes an edit back restores the text', () => {
  fc.assert(
    fc.property(textAndOperations(1), fc.integer(), ([text, a], seed) => {
      const after = apply(text, a)
      const b = randomOperation(after, seeded(seed))

      expect(apply(text, compose(a, b))).toBe(apply(after, b))
      expect(apply(after, invert(a, text))).toBe(text)
      expect([lengthBefore(a), lengthAfter(a)]).toEqual([text.length, after.length])
    }),
  )
})

test('the difference of two texts makes one of the other, and never halves a character', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '🚢') })
  fc.assert(
    fc.property(letters, letters, fc.nat(20), (before, after, caret) => {
      const change = difference(before, after, caret)

      expect(change ? apply(before, change) : before).toBe(after)
      expect((change ?? []).filter((part) => typeof part === 'string' && /\p{Surrogate}/u.test(part))).toEqual([])
    }),
  )
})

test('of equal letters the one before the caret was typed', () => {
  expect(difference('aaa', 'aaaa', 2)).toEqual([1, 'a', 2])
  expect(difference('aaa', 'aa', 1)).toEqual([1, -1, 1])
})

test('a caret stays with the letters around it', () => {
  expect(moveCaret(3, [1, 'xy', 4])).toBe(5)
  expect(moveCaret(3, [3, 'xy', 2])).toBe(3)
  expect(moveCaret(3, [1, -3, 1])).toBe(1)
})

test('an operation for a text of another length is refused', () => {
  expect(() => apply('abc', [2, 'x'])).toThrow(RangeError)
})

test.each([1, 2, 3, 4, 5])(
  'writers who edit at random, lose lines and come back end with the same text (%i)',
  (seed) => {
    const random = seeded(seed)
    const room = createTextRoom()
    const writers = ['Ana', 'Bo', 'Cy'].map((name) => createWriter(() => room, name, random))

    for (let step = 0; step < 600; step += 1) takeStep(writers, random)
    for (let round = 0; round < 4; round += 1) for (const writer of writers) writer.settle()

    expectOneText(writers)
  },
)

test.each([1, 2, 3, 4, 5])('a new process has everything once, whoever comes back first (%i)', (seed) => {
  const random = seeded(seed)
  let room = createTextRoom()
  const writers = ['Ana', 'Bo', 'Cy'].map((name) => createWriter(() => room, name, random))
  const settle = () => {
    for (let round = 0; round < 4; round += 1) for (const writer of writers) writer.settle()
  }

  for (let restart = 0; restart < 20; restart += 1) {
    settle()
    // Of one edit the others have heard, and its writer has not.
    const writer = writers[Math.floor(random() * writers.length)]
    const others = writers.filter((each) => each !== writer)
    writer?.type()
    writer?.serve()
    for (const other of others) other.readAll()
    for (const each of writers) each.drop()
    room = createTextRoom()
    for (let step = 0; step < 60; step += 1) takeStep(writers, random)
  }
  settle()

  expectOneText(writers)
})

test('an edit that comes again under its key is made once', () => {
  const { room, line } = givenRoom()
  const { guest, length } = enterRoom(room, line)
  for (let time = 0; time < 2; time += 1)
    guest?.receive({ type: 'edit', revision: 0, key: 'k', operation: [length, 'x'] })

  expect(line.sent.filter(({ type }) => type === 'edit')).toHaveLength(1)
})

test('who missed more than is kept gets the whole text, and hears that its edit had arrived', () => {
  const { room, line } = givenRoom()
  const { guest, document, length } = enterRoom(room, line)
  for (let revision = 0; revision <= keptEdits; revision += 1) {
    const operation: Operation = revision % 2 ? [length, -1] : [length, 'x']
    guest?.receive({ type: 'edit', revision, key: `k${revision}`, operation })
  }
  const late = createLine()
  room.enter(late)?.receive({ type: 'hello', name: 'Late', document, revision: 0, key: 'k0' })

  expect(late.sent[0]).toMatchObject({
    type: 'welcome',
    data: { isKnown: true, revision: keptEdits + 1, text: expect.any(String) },
  })
})

test('an edit after which the text were too long is refused, to its writer alone', () => {
  const { room, line } = givenRoom()
  const { guest, length } = enterRoom(room, line)
  const other = createLine()
  enterRoom(room, other)
  guest?.receive({ type: 'edit', revision: 0, key: 'k', operation: [length, 'x'.repeat(longestText)] })

  expect(line.sent.at(-1)).toEqual({ type: 'refused', data: { key: 'k' } })
  expect(other.sent.filter(({ type }) => type !== 'welcome')).toEqual([])
})

test.each<[string, TextFrame]>([
  ['for a text of another length', { type: 'edit', revision: 0, key: 'k', operation: [3, 'x'] }],
  ['of a revision that is not there yet', { type: 'edit', revision: 9, key: 'k', operation: ['x'] }],
  ['before the hello', { type: 'edit', revision: 0, key: 'k', operation: ['x'] }],
])('an edit %s changes nothing', (when, frame) => {
  const { room, line } = givenRoom()
  const guest = when === 'before the hello' ? room.enter(line) : enterRoom(room, line).guest
  guest?.receive(frame)

  expect(line.sent.filter(({ type }) => type === 'edit')).toEqual([])
})

test('the room takes so many people and no more, until one leaves', () => {
  const { room } = givenRoom()
  const guests = Array.from({ length: mostPeople }, () => room.enter(createLine()))

  expect(room.enter(createLine())).toBeUndefined()
  guests[0]?.leave()
  expect(room.enter(createLine())).toBeDefined()
})

test.each([
  '',
  '[]',
  'null',
  '{"type":"edit"}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":"x"}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[]}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[5]}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[1.5,"x"]}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[1e300,"x"]}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[0,"x"]}}',
  '{"type":"edit","data":{"revision":0,"key":"k","operation":[null,"x"]}}',
  '{"type":"edit","data":{"revision":-1,"key":"k","operation":["x"]}}',
  '{"type":"edit","data":{"revision":0,"key":"","operation":["x"]}}',
  `{"type":"edit","data":{"revision":0,"key":"${'k'.repeat(65)}","operation":["x"]}}`,
  '{"type":"select","data":{"revision":0,"start":3,"end":1}}',
  '{"type":"select","data":{"revision":0,"start":-1,"end":1}}',
  '{"type":"select","data":{"revision":0,"start":0,"end":10001}}',
  '{"type":"hello","data":{"revision":0,"name":" \\n"}}',
  '{"type":"bring","data":{"keys":[]}}',
  '{"type":"bring","data":{"text":"x"}}',
  '{"type":"bring","data":{"text":"x","keys":[""]}}',
  '{"type":"__proto__","data":{"revision":0}}',
])('%s is no frame of the common text', (raw) => {
  expect(readTextFrame(raw)).toBeUndefined()
})

test.each([
  ['text', 'x'.repeat(longestText + 1), []],
  ['list of keys', 'x', Array.from({ length: mostKeys + 1 }, () => 'k')],
])('a page that comes back brings no longer %s than there can be', (_, text, keys) => {
  const raw = JSON.stringify({ type: 'bring', data: { text, keys } })

  expect(readTextFrame(raw)).toBeUndefined()
})

test('a frame has only the fields that it should have', () => {
  const raw = '{"type":"hello","data":{"revision":0,"name":"A\\u0000b","document":7,"__proto__":{"x":1},"extra":1}}'

  expect(readTextFrame(raw)).toEqual({ type: 'hello', revision: 0, name: 'A b' })
})

interface Sent {
  readonly type: string
  readonly data: unknown
}

function createLine() {
  const sent: Sent[] = []
  return { sent, unsent: 0, send: (type: string, data: unknown) => void sent.push({ type, data }) }
}

function givenRoom() {
  return { room: createTextRoom(), line: createLine() }
}

function enterRoom(room: ReturnType<typeof createTextRoom>, line: ReturnType<typeof createLine>) {
  const guest = room.enter(line)
  onTestFinished(() => guest?.leave())
  guest?.receive({ type: 'hello', name: 'Ana', revision: 0 })
  const welcome = line.sent.find(({ type }) => type === 'welcome')?.data as { document: string; text: string }
  return { guest, document: welcome.document, length: welcome.text.length }
}

/** From here on, each is one character that nobody else inserts and nobody deletes. */
const firstMark = '\ue000'
let marksMade = 0

function nextMark(): string {
  marksMade += 1
  return String.fromCharCode(firstMark.charCodeAt(0) + marksMade)
}

type Writer = ReturnType<typeof createWriter>

function takeStep(writers: readonly Writer[], random: () => number): void {
  const writer = writers[Math.floor(random() * writers.length)]
  const what = random()
  if (what < 0.5) writer?.type()
  else if (what < 0.75) writer?.readOne()
  else if (what < 0.9) writer?.serve()
  else if (what < 0.95) writer?.drop()
  else writer?.connect()
}

/** The same for all, with everything that any of them has typed, once. */
function expectOneText(writers: readonly Writer[]): void {
  const [first] = writers
  expect(writers.map(({ text }) => text)).toEqual(writers.map(() => first?.text))
  expect(writers.map(({ shown }) => shown)).toEqual(writers.map(() => first?.text))
  for (const { marks } of writers) for (const mark of marks) expect(first?.text.split(mark)).toHaveLength(2)
}

/** A page with a line of its own: what goes either way waits until it is read, and is lost where the line drops before. */
function createWriter(roomOf: () => ReturnType<typeof createTextRoom>, name: string, random: () => number) {
  const copy = createSharedText(randomUUID)
  const marks: string[] = []
  let line = createLine()
  let guest: Guest<TextFrame> | undefined
  let toServer: TextFrame[] = []
  let isWelcome = false
  /** What a field shows that is changed by what the copy says of its changes. */
  let shown = ''

  function send(which: 'next' | 'again'): void {
    const edit = copy.toSend(which)
    if (edit) toServer.push({ type: 'edit', ...edit })
  }

  const writer = {
    marks,
    get text() {
      return copy.text
    },
    get shown() {
      return shown
    },
    type() {
      const mark = nextMark()
      const at = Math.floor(random() * (copy.text.length + 1))
      const deletes = (copy.text[at] ?? firstMark) < firstMark ? 1 : 0
      marks.push(mark)
      const operation = [at, mark, -deletes, copy.text.length - at - deletes].filter((part) => part !== 0)
      shown = apply(shown, operation)
      copy.edit(operation)
      if (isWelcome) send('next')
    },
    connect() {
      if (guest) return
      line = createLine()
      guest = roomOf().enter(line)
      const { document, revision, sentKey } = copy
      toServer = [
        {
          type: 'hello',
          name,
          revision,
          ...(document !== undefined && { document }),
          ...(sentKey && { key: sentKey }),
        },
      ]
    },
    drop() {
      guest?.leave()
      guest = undefined
      isWelcome = false
    },
    /** The room reads one frame of this writer. */
    serve() {
      const frame = guest && toServer.shift()
      if (frame) guest?.receive(frame)
    },
    /** The page reads one frame of the room. */
    readOne() {
      const frame = guest && line.sent.shift()
      if ((frame?.data as { isAsked?: boolean } | undefined)?.isAsked) {
        toServer.push({ type: 'bring', ...copy.toBring() })
      } else if (frame?.type === 'welcome') {
        shown = copy.resume(frame.data as Parameters<typeof copy.resume>[0]).reduce(apply, shown)
        isWelcome = true
        send('again')
      } else if (frame?.type === 'edit') {
        const change = copy.receive(frame.data as Edit)
        if (change) shown = apply(shown, change)
        send('next')
      }
    },
    readAll() {
      while (line.sent.length > 0) writer.readOne()
    },
    settle() {
      writer.connect()
      for (let quiet = 0; quiet < 3; quiet += 1) {
        while (toServer.length > 0) writer.serve()
        writer.readAll()
      }
    },
  }
  return writer
}

function inserted(operation: Operation): string {
  return operation.filter((part) => typeof part === 'string').join('')
}

function textAndOperations(count: number): fc.Arbitrary<[string, Operation, Operation]> {
  return fc.tuple(fc.string({ maxLength: 30 }), fc.integer(), fc.integer()).map(([text, one, other]) => {
    const [a = [], b = []] = [one, other].slice(0, count).map((seed) => randomOperation(text, seeded(seed)))
    return [text, a, b]
  })
}

function randomOperation(text: string, random: () => number): Operation {
  const parts: (number | string)[] = []
  for (let left = text.length; left > 0; ) {
    const length = Math.min(left, 1 + Math.floor(random() * 5))
    if (random() < 0.4)
      parts.push(String.fromCharCode(97 + Math.floor(random() * 26)).repeat(1 + Math.floor(random() * 3)))
    parts.push(random() < 0.3 ? -length : length)
    left -= length
  }
  if (random() < 0.4) parts.push('z')
  return parts
}
