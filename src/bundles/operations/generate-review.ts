/** Writes review.yaml of a closed bundle again, from its files; what people wrote in it stays. */
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { actorOf } from '../lease.ts'
import { findBundle, requireBundle } from '../find.ts'
import { isFinished } from '../model/bundle.ts'
import { isCommand } from '../../evidence/acceptance.ts'
import { bundleField } from '../model/ids.ts'
import { integerOf, listOf, mapOf, mapsOf } from '../model/raw.ts'
import { acceptanceResults, type AcceptanceResults } from '../model/review.ts'
import type { Ticket } from '../model/ticket.ts'
import { carriedIn, readReport, reviewFiles } from '../review-files.ts'
import { carryoverFile, reviewFile, reviewPage } from '../store/layout.ts'
import { loadTickets } from '../store/reading.ts'

export const generateReview = defineOperation({
  name: 'generate-review',
  summary: 'Write the review of a closed bundle again; what people wrote in it stays.',
  capability: 'tkt-review',
  effects: ['fs.read', 'fs.write'],
  input: Fields({ bundle: bundleField('the bundle'), agent: Optional(word('who does it')) }),
  output: Fields({ review_path: String(), page_path: String(), bundle: String() }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'BUNDLE_NOT_CLOSED', 'LOCK_TIMEOUT'],
  positional: ['bundle'],
  agent: 'scripts/generate-review.md',
  examples: ['generate-review --bundle B-001'],
  run: async ({ bundle, agent }, context: BundleContext) => {
    requireBundle(context, bundle)
    actorOf(context, { agent })
    return context.locked(bundle, async () => {
      const { thing } = findBundle(context, bundle)
      if (!isFinished(thing))
        throw new OperationError('BUNDLE_NOT_CLOSED', `${bundle} is ${thing.status}`, { bundle })
      const now = context.now()
      const existing = readReport(reviewFile(context, bundle))
      const { things: tickets, unreadable } = loadTickets(context, bundle)
      if (unreadable.length > 0)
        context.warn(`left out, as they cannot be read: ${unreadable.map(({ id }) => id).join(', ')}`)
      const acceptance = acceptanceOf(existing?.value) ?? notRun(context, tickets)
      const facts = { bundle, title: thing.title, tickets, acceptance, now }
      const carryover = carriedIn(readReport(carryoverFile(context, bundle)))
      const files = reviewFiles(context, { ...facts, carryover }, existing)
      await context.commit({ files, events: [{ event: 'REVIEW_GENERATED', fields: { bundle, agent } }] }, now)
      return { review_path: reviewFile(context, bundle), page_path: reviewPage(context, bundle), bundle }
    })
  },
})

/** The results of the close are kept: a review does not run commands. */
function acceptanceOf(review: unknown): AcceptanceResults | undefined {
  const results = mapOf(mapOf(review)?.acceptance_results)
  const [passed, failed, skipped] = [
    integerOf(results?.passed),
    integerOf(results?.failed),
    integerOf(results?.skipped),
  ]
  if (results === undefined || passed === undefined || failed === undefined || skipped === undefined)
    return undefined
  const by_ticket = mapsOf(results.by_ticket)
  return { passed, failed, skipped, by_ticket, failures: listOf(results.failures) }
}

/** Without an earlier review nothing is known of the commands: all of them count as skipped, and the caller is told. */
function notRun(context: BundleContext, tickets: readonly Ticket[]): AcceptanceResults {
  const plain = tickets.map((ticket) => ({
    ...ticket,
    acceptance_criteria: ticket.acceptance_criteria.map((item) => (isCommand(item) ? item.run : item)),
  }))
  context.warn(
    'there was no review with acceptance results: commands were not run again and count as skipped',
  )
  return acceptanceResults(plain, [])
}
