/** Writes review.yaml of a closed bundle again, from its files; what people wrote in it stays. */
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { actorOf } from '../lease.ts'
import { findBundle, requireBundle } from '../find.ts'
import { isFinished } from '../model/bundle.ts'
import { isCommand } from '../model/acceptance.ts'
import { bundleField } from '../model/ids.ts'
import { integerOf, listOf, mapOf, type RawMap } from '../model/raw.ts'
import { acceptanceResults, keptFields, reviewDocument, type AcceptanceResults } from '../model/review.ts'
import type { Ticket } from '../model/ticket.ts'
import { reviewFile } from '../store/layout.ts'
import { loadTickets } from '../store/reading.ts'
import { readYamlFile, renderYaml } from '../store/yaml-file.ts'

export const generateReview = defineOperation({
  name: 'generate-review',
  summary: 'Write the review of a closed bundle again; what people wrote in it stays.',
  capability: 'tkt-review',
  effects: ['fs.read', 'fs.write'],
  input: Fields({ bundle: bundleField('the bundle'), agent: Optional(word('who does it')) }),
  output: Fields({ review_path: String(), bundle: String() }),
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
      const path = reviewFile(context, bundle)
      const read = readYamlFile(path)
      if (read?.ok === false)
        throw new OperationError('FILE_UNREADABLE', `${path}: ${read.reason}`, { path, reason: read.reason })
      const existing = read?.value.value
      const { things: tickets, unreadable } = loadTickets(context, bundle)
      if (unreadable.length > 0)
        context.warn(`left out, as they cannot be read: ${unreadable.map(({ id }) => id).join(', ')}`)
      const acceptance = acceptanceOf(existing) ?? notRun(context, tickets)
      const review = reviewDocument({ bundle, title: thing.title, tickets, acceptance, now })
      const files = { [path]: renderYaml(keptFields(existing, review)) }
      await context.commit({ files, events: [{ event: 'REVIEW_GENERATED', fields: { bundle, agent } }] }, now)
      return { review_path: path, bundle }
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
  const by_ticket = listOf(results.by_ticket).flatMap((row): RawMap[] => [mapOf(row) ?? {}])
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
