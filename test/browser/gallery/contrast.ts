/** How well the text of a page stands out from its ground, from what the browser has computed. */
import type { Page } from 'playwright-core'

export interface Faint {
  readonly text: string
  readonly ratio: number
}

/** Every visible text whose contrast is below `least`: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function listFaint(page: Page, least: number): Promise<Faint[]> {
  return page.evaluate((limit) => {
    type Color = readonly [red: number, green: number, blue: number, alpha: number]

    const parse = (color: string): Color => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number)
      return [red, green, blue, alpha]
    }
    const over = ([r, g, b, a]: Color, [red, green, blue]: Color): Color => [
      r * a + red * (1 - a),
      g * a + green * (1 - a),
      b * a + blue * (1 - a),
      1,
    ]
    const groundOf = (element: Element | null): Color => {
      if (!element) return [255, 255, 255, 1]
      const color = parse(getComputedStyle(element).backgroundColor)
      return color[3] === 1 ? color : over(color, groundOf(element.parentElement))
    }
    const luminance = ([red, green, blue]: Color) => {
      const linear = [red, green, blue].map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
    }
    const ratioOf = (element: Element, color: string) => {
      const ground = groundOf(element)
      const [dark = 0, light = 0] = [luminance(over(parse(color), ground)), luminance(ground)].sort((a, b) => a - b)
      return (light + 0.05) / (dark + 0.05)
    }

    const hasText = ({ childNodes }: Element) =>
      [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    const written = [...document.querySelectorAll('body *')]
      .filter((element) => element.matches('input, select, textarea') || hasText(element))
      .filter((element) => !element.matches('script, style, :disabled') && element.checkVisibility())
      .map((element) => ({ element, text: element.textContent?.trim() || element.outerHTML, pseudo: undefined }))
    const generated = [...document.querySelectorAll('body *')]
      .filter((element) => /^"./.test(getComputedStyle(element, '::before').content))
      .map((element) => ({ element, text: getComputedStyle(element, '::before').content, pseudo: '::before' }))

    return [...written, ...generated]
      .map(({ element, text, pseudo }) => ({
        text: text.slice(0, 60),
        ratio: ratioOf(element, getComputedStyle(element, pseudo).color),
      }))
      .filter(({ ratio }) => ratio < limit)
  }, least)
}
