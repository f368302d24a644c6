import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { seeded } from '../../circumstances.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { press, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

test('what one writes, the other reads, with a caret that has the name of the writer', async (context) => {
  const { ana, bo } = await meet(context)

  await ana.locator('#text').focus()
  await ana.keyboard.press('Control+Home')
  await ana.keyboard.type('Good morning. ')

  await eventually(() => readText(bo)).toMatch(/^Good morning\. /)
  await bo.locator('.caret[data-name="Ana"]').waitFor({ state: 'attached' })
  expect(await ana.locator('.caret').count()).toBe(0)
})

test('the caret of a writer stays with its letters while another one writes before it', async (context) => {
  const { ana, bo } = await meet(context)
  await bo.locator('#text').focus()
  await bo.locator('#text').evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(10, 14))

  await insert(ana, 0, 'Before. ')
  await eventually(() => readText(bo)).toMatch(/^Before\. /)

  expect(
    await bo.locator('#text').evaluate((field: HTMLTextAreaElement) => [field.selectionStart, field.selectionEnd]),
  ).toEqual([18, 22])
})

test.for([1, 2])(
  'random edits of two pages with a restart of the sockets in the middle end in one text (%i)',
  async (seed, context) => {
    const { demo, ana, bo } = await meet(context)
    const random = seeded(seed)
    const marks: string[] = []
    const editBoth = async (count: number) => {
      for (let edit = 0; edit < count; edit += 1) {
        const page = random() < 0.5 ? ana : bo
        const mark = `<${marks.length}>`
        marks.push(mark)
        await insert(page, random(), mark)
      }
    }

    await editBoth(20)
    demo.sockets.restart(700)
    await editBoth(30)
    await Promise.all([waitForStatus(ana, 'open'), waitForStatus(bo, 'open')])
    await editBoth(20)

    await expectOneText(ana, bo)
    const text = await readText(ana)
    expect(marks.filter((mark) => text.split(mark).length !== 2)).toEqual([])
  },
)

test('what was written before, during and after a restart of the whole server is there once', async (context) => {
  const { demo, ana, bo } = await meet(context)
  await insert(ana, 0, '<before>')
  await expectOneText(ana, bo)

  await demo.close()
  await Promise.all([waitForStatus(ana, 'waiting'), waitForStatus(bo, 'waiting')])
  await insert(ana, 0, '<Ana>')
  await insert(bo, 0, '<Bo>')
  expect(await ana.locator('#saved').innerText()).toBe('What you wrote waits until the server is back.')
  await useDemo(context, { port: Number(new URL(demo.url).port) })
  // Both have the text that the new process has not, and bring it at the same moment.
  await Promise.all([press(ana, 'reconnect'), press(bo, 'reconnect')])
  await Promise.all([waitForStatus(ana, 'open'), waitForStatus(bo, 'open')])
  await insert(bo, 0, '<after>')

  await expectOneText(ana, bo)
  const text = await readText(ana)
  for (const mark of ['<before>', '<Ana>', '<Bo>', '<after>', 'notice board']) expect(text.split(mark)).toHaveLength(2)
})

test('a change after which the text were too long is taken back, and the page says so', async (context) => {
  const { ana, bo } = await meet(context)
  const before = await readText(ana)

  await insert(ana, 0, 'x'.repeat(10_000))
  await eventually(() => ana.locator('#saved').innerText()).toMatch(/taken back/)

  expect(await readText(ana)).toBe(before)
  await insert(ana, 0, 'short ')
  await expectOneText(ana, bo)
})

test('what others write while letters are being composed comes after them', async (context) => {
  const { ana, bo } = await meet(context)
  await bo.locator('#text').dispatchEvent('compositionstart')
  await bo.locator('#text').evaluate((field: HTMLTextAreaElement) => field.setRangeText('日', 0, 0, 'end'))
  await insert(ana, 0, '<Ana>')
  await eventually(() => ana.locator('#saved').getAttribute('data-saved')).toBe('true')
  await bo.evaluate(() => new Promise(requestAnimationFrame))
  expect(await readText(bo)).toMatch(/^日The harbour/)

  await bo.locator('#text').dispatchEvent('compositionend')
  await expectOneText(ana, bo)
  expect(await readText(ana)).toContain('日')
})

test('the list of people follows who comes, is renamed and goes', async (context) => {
  const { ana, bo } = await meet(context)
  const people = () => ana.locator('#people li').allTextContents()
  await eventually(people).toEqual(['Ana (you)', 'Bo'])

  await bo.locator('#name').fill('Bea')
  await bo.locator('#name').press('Enter')
  await eventually(people).toEqual(['Ana (you)', 'Bea'])

  await bo.close()
  await eventually(people).toEqual(['Ana (you)'])
})

/** Two pages of one browser context, each with a name. */
async function meet(context: TestContext): Promise<{ demo: Demo; ana: Page; bo: Page }> {
  const demo = await useDemo(context)
  const ana = await newPage(context)
  const bo = await ana.context().newPage()
  for (const [page, name] of [
    [ana, 'Ana'],
    [bo, 'Bo'],
  ] as const) {
    await page.addInitScript((value) => sessionStorage.setItem('holdfast-demo-name', value), name)
    await page.goto(`${demo.url}together.html`)
    await page.locator('#text:enabled').waitFor()
  }
  return { demo, ana, bo }
}

/** Writes into the field as a visitor would, at a place between letters that no mark is cut by: `where` goes from 0 to 1. */
function insert(page: Page, where: number, letters: string): Promise<void> {
  return page.locator('#text').evaluate(
    (field: HTMLTextAreaElement, [part, text]) => {
      const places = [0, ...[...field.value.matchAll(/>/g)].map(({ index }) => index + 1)]
      const at = places[Math.floor(part * places.length)] ?? 0
      field.setRangeText(text, at, at, 'end')
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    },
    [where, letters] as const,
  )
}

function readText(page: Page): Promise<string> {
  return page.locator('#text').inputValue()
}

/** Everything has arrived, and both fields show the same. */
async function expectOneText(one: Page, other: Page): Promise<void> {
  for (const page of [one, other])
    await eventually(() => page.locator('#saved').getAttribute('data-saved')).toBe('true')
  await eventually(async () => (await readText(one)) === (await readText(other))).toBe(true)
}
