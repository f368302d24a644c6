/** Presses Back, without a wait for a load: out of the page cache none comes. */
export async function goBack(page: { evaluate(run: () => void): Promise<unknown> }): Promise<void> {
  // Not at once: a page that is left while it answers answers nobody.
  await page.evaluate(() => void setTimeout(() => history.back()))
}
