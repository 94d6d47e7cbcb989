// From the start of a Hearth that was never used to the first URL that answers, as somebody does who reads nothing; then each
// other sample as a new app, in the same window.
import { browserShell } from '../../e2e/launch.ts'
import { visitUntil } from '../../e2e/visit.ts'
import { HearthWindow } from '../../e2e/window.ts'
import type { Bench, Figures } from '../figures/benchmark.ts'

const patienceMs = 90_000

export const bench: Bench = async ({ say, onEnd }) => {
  let began = 0
  const since = () => Math.round(performance.now() - began) / 1000
  // After the build, which an installed Hearth has behind it.
  const desktop = await browserShell.launch(async () => {
    began = performance.now()
  })
  onEnd(() => desktop.close())
  desktop.page.setDefaultTimeout(patienceMs)
  const window = new HearthWindow(desktop.page)
  await window.text('This computer is ready').waitFor()
  const figures: Figures = { ready_s: since() }
  say(`This computer is ready after ${figures.ready_s} s`)
  await window.button('Deploy sample').click()
  figures.first_url_s = await untilServed(window, since, 'Hello from your own Hearth')
  say(`the first URL answers after ${figures.first_url_s} s`)
  const others = [
    ['Hello, TypeScript', 'typescript_s', 'Hello from TypeScript'],
    ['A static site', 'static_site_s', 'A site of your own'],
  ] as const
  for (const [sample, figure, greeting] of others) {
    await desktop.page.evaluate("location.hash = '#/new-app'")
    began = performance.now()
    await window.button(`Use ${sample}`).click()
    await window.button('Deploy').click()
    figures[figure] = await untilServed(window, since, greeting)
    say(`${sample} answers after ${figures[figure]} s`)
  }
  return figures
}

async function untilServed(window: HearthWindow, since: () => number, greeting: string): Promise<number> {
  await window.text('v2 serves.').waitFor()
  const link = window.page.getByRole('link', { name: /^http:\/\// }).first()
  await visitUntil((await link.getAttribute('href')) ?? '', greeting)
  return since()
}
