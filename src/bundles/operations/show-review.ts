/** The review of a closed bundle on one page: how it went, what people are to decide, and the evidence in a line each. */
import { Array as ListOf, Integer, Null, Object as Fields, Optional, String, Union, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, requireBundle } from '../find.ts'
import { isFinished } from '../model/bundle.ts'
import { bundleField } from '../model/ids.ts'
import { oneLine } from '../model/markdown.ts'
import { integerOf, mapOf, mapsOf, proseOf, textOf, textsOf, type RawMap } from '../model/raw.ts'
import { countChecks, wordsOf } from '../model/review-page-parts.ts'
import { carriedIn, readReport } from '../review-files.ts'
import { carryoverFile, reviewFile, reviewPage } from '../store/layout.ts'

const OrNull = () => Union([String(), Null()])

export const showReview = defineOperation({
  name: 'show-review',
  summary: 'Show the review of a closed bundle: how it went, what to decide, evidence in brief.',
  capability: 'tkt-show-review',
  effects: ['fs.read'],
  input: Fields({
    bundle: bundleField('the bundle'),
    limit: Optional(count('at most this many tickets', 1)),
    offset: Optional(count('leave out this many tickets first')),
  }),
  output: Fields({
    bundle: String(),
    title: String(),
    summary: String(),
    done: Integer(),
    failed: Integer(),
    commands: Fields({ passed: Integer(), failed: Integer(), skipped: Integer() }),
    evidence_checks: Fields({ verified: Integer(), recorded: Integer(), failed: Integer() }),
    carryover_count: Integer(),
    unaudited: ListOf(String()),
    quality_score: Unknown(),
    audited_by: OrNull(),
    discussion_points: ListOf(String()),
    discussion_points_count: Integer(),
    next_actions: ListOf(String()),
    next_actions_count: Integer(),
    tickets: ListOf(
      Fields({ id: String(), status: String(), title: String(), worked_by: OrNull(), evidence: OrNull() }),
    ),
    shown: String(),
    next: Optional(String()),
    review_path: String(),
    page_path: String(),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'BUNDLE_NOT_CLOSED'],
  positional: ['bundle'],
  agent: 'scripts/generate-review.md',
  examples: ['show-review --bundle B-001'],
  run: async ({ bundle, limit, offset }, context: BundleContext) => {
    requireBundle(context, bundle)
    const { thing } = findBundle(context, bundle)
    if (!isFinished(thing))
      throw new OperationError('BUNDLE_NOT_CLOSED', `${bundle} is ${thing.status}`, { bundle })
    const path = reviewFile(context, bundle)
    const review = requireReview(path, bundle)
    const audit = mapOf(review.audit_result)
    const entries = mapsOf(review.evidence_summary)
    const points = wordsOf(review.discussion_points)
    const actions = wordsOf(review.next_actions)
    const head = {
      bundle,
      title: brief(thing.title),
      summary: cut(oneLine(proseOf(review.summary) ?? ''), 300),
      done: integerOf(review.tickets_completed) ?? 0,
      failed: integerOf(review.tickets_failed) ?? 0,
      commands: numbersOf(mapOf(review.acceptance_results)),
      evidence_checks: countChecks(entries.flatMap(({ evidence_checks }) => mapsOf(evidence_checks))),
      carryover_count: carriedIn(readReport(carryoverFile(context, bundle))).length,
      unaudited: [...textsOf(audit?.finished_after_audit).slice(0, 5)],
      quality_score: audit?.quality_score ?? null,
      audited_by: textOf(audit?.audited_by) ?? null,
      discussion_points: points.slice(0, 2).map(brief),
      discussion_points_count: points.length,
      next_actions: actions.slice(0, 2).map(brief),
      next_actions_count: actions.length,
    }
    const tail = { review_path: path, page_path: reviewPage(context, bundle) }
    const { rows, ...page } = pageOf(entries.map(rowOf), { limit, offset }, { head, tail })
    return { ...head, tickets: [...rows], ...page, ...tail }
  },
})

/** Throws FILE_UNREADABLE, also for a review that is not there: it can be written again. */
function requireReview(path: string, bundle: string): RawMap {
  const review = mapOf(readReport(path)?.value)
  if (review !== undefined) return review
  const hint = `\`tkt generate-review --bundle ${bundle}\` writes it`
  throw new OperationError('FILE_UNREADABLE', `${path} is missing, or holds no fields`, { path }, hint)
}

const brief = (text: string): string => cut(oneLine(text), 100)

const numbersOf = (results: RawMap | undefined) => ({
  passed: integerOf(results?.passed) ?? 0,
  failed: integerOf(results?.failed) ?? 0,
  skipped: integerOf(results?.skipped) ?? 0,
})

/** What is said of evidence; of a failure, why. */
function rowOf({ ticket_id, status, title, worked_by, evidence, reason }: RawMap) {
  const told = proseOf(evidence) ?? proseOf(reason)
  return {
    id: textOf(ticket_id) ?? '',
    status: textOf(status) ?? '',
    title: brief(proseOf(title) ?? ''),
    worked_by: textOf(worked_by) ?? null,
    evidence: told === undefined ? null : brief(told),
  }
}
