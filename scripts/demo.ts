/** `npm run demo`: plays a whole job with the built tkt in a temporary git repository, for a newcomer to watch. */
import { parseArgs } from 'node:util'
import { isatty } from 'node:tty'
import picocolors from 'picocolors'
import { DIST, furnish, newPlace, removePlace, staleAfter, STALE_MINUTES } from './demo/place.ts'
import { BUNDLE } from './demo/play.ts'
import { playAll } from './demo/scenes.ts'
import { createAside, createStage, type Screen } from './demo/stage.ts'
import { StepFailed } from './demo/step-failed.ts'

const { values: options } = parseArgs({ options: { keep: { type: 'boolean' }, quiet: { type: 'boolean' } } })
const write = (line: string): void => {
  if (options.quiet !== true) process.stdout.write(`${line}\n`)
}
const screen: Screen = {
  write,
  columns: process.stdout.isTTY ? Math.min(110, Math.max(60, process.stdout.columns)) : 100,
  hasColors: isatty(1) && picocolors.isColorSupported,
}

try {
  await play()
} catch (error) {
  if (!(error instanceof StepFailed)) throw error // a fault of the demo itself: its stack says where
  const command = error.words.join(' ')
  write(`\n   ✗ ${command}\n     ${JSON.stringify(error.answer)}\n`)
  process.stdout.write(`${JSON.stringify({ ok: false, command, answer: error.answer })}\n`)
  process.exitCode = 1
}

async function play(): Promise<void> {
  const started = performance.now()
  const place = newPlace()
  process.stdout.once('error', () => process.exit(0)) // a reader that goes away, as `head` does, ends the play
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  process.once('exit', () => {
    if (options.keep !== true) removePlace(place)
  })
  await furnish(place, staleAfter(STALE_MINUTES))
  write('A plan becomes tickets, tickets become audited and merged work.')
  write('Four workers, a main agent and an auditor play it; then sessions drain a queue, then a bundle.')
  write('Their work is prepared, so no model is needed;')
  write(`every command really runs. tkt is: node ${DIST}`)
  const { review_path, ...played } = await playAll({
    place,
    stage: createStage(screen),
    aside: () => createAside(screen),
  })
  write('')
  write(
    options.keep === true
      ? `Look around: cd ${place.project} && node ${DIST} status ${BUNDLE}`
      : 'The folder is removed now; with --keep it stays.',
  )
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const kept = options.keep === true ? { folder: place.project, review_path } : {}
  process.stdout.write(`${JSON.stringify({ ok: true, ...played, ...kept, seconds })}\n`)
}
