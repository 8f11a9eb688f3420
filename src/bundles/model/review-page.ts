/** review.md: a closed bundle as a person reads it, made of review.yaml and of what the tickets' logs tell. */
import { flowchartOf } from './graph-mermaid.ts'
import type { BundleId } from './ids.ts'
import { fitting, inline, oneLine, row, shortened, table } from './markdown.ts'
import { integerOf, mapOf, mapsOf, proseOf, textOf, type RawMap } from './raw.ts'
import { readinessOf } from './readiness.ts'
import {
  auditPart,
  carryoverPart,
  commandsPart,
  countChecks,
  evidencePart,
  turnsPart,
  wordsPart,
} from './review-page-parts.ts'
import type { Ticket } from './ticket.ts'
import { timelineOf } from './timeline.ts'
import { durationText, workSpans } from './work-spans.ts'

export interface PageFacts {
  readonly bundle: BundleId
  readonly title: string
  readonly tickets: readonly Ticket[]
  /** The rows of carryover.yaml. */
  readonly carryover: readonly RawMap[]
  /** What review.yaml holds, people's words included. */
  readonly review: RawMap
}

/** The page, bounded however large the bundle is. Texts of people are shown as they are written and mean nothing. */
export function renderReviewPage({ bundle, title, tickets, carryover, review }: PageFacts): string {
  const entries = mapsOf(review.evidence_summary)
  const timeline = timelineOf(tickets)
  const parts = {
    Tickets: ticketsPart(review, tickets),
    Evidence: evidencePart(entries),
    Acceptance: commandsPart(mapOf(review.acceptance_results) ?? {}),
    Audit: auditPart(mapOf(review.audit_result) ?? {}),
    'Takeovers and reopens': turnsPart(tickets),
    'Discussion points': wordsPart(review.discussion_points),
    'Next actions': wordsPart(review.next_actions),
    'Carried over': carryoverPart(carryover),
    Timeline: timeline === undefined ? 'No ticket was claimed.' : mermaid(timeline),
    Dependencies: tickets.length === 0 ? 'None.' : mermaid(flowchartOf(readinessOf(tickets))),
  }
  return `${[
    `<!-- Generated from review.yaml by \`tkt generate-review --bundle ${bundle}\`: edit that file, not this one. -->`,
    `# ${bundle}: ${inline(shortened(title, 200))}`,
    inline(shortened(proseOf(review.summary) ?? '', 4000)),
    ...Object.entries(parts).map(([heading, text]) => `## ${heading}\n\n${text}`),
  ].join('\n\n')}\n`
}

const mermaid = (diagram: string): string => `\`\`\`mermaid\n${diagram}\n\`\`\``

function ticketsPart(review: RawMap, tickets: readonly Ticket[]): string {
  const byId = new Map<string, Ticket>(tickets.map((ticket) => [ticket.id, ticket]))
  const results = mapsOf(mapOf(review.acceptance_results)?.by_ticket)
  const commands = new Map(results.map((result) => [textOf(result.ticket_id), result]))
  const rows = mapsOf(review.evidence_summary).map((entry) => {
    const id = textOf(entry.ticket_id) ?? ''
    const told = proseOf(entry.evidence) ?? proseOf(entry.reason) ?? ''
    return row(
      inline(id),
      inline(shortened(proseOf(entry.title) ?? '', 120)),
      inline(textOf(entry.status) ?? ''),
      inline(shortened(textOf(entry.worked_by) ?? '', 60)),
      durationOf(byId.get(id)),
      inline(shortened(oneLine(told), 80)),
      inline(checkedText(mapsOf(entry.evidence_checks), commands.get(id))),
    )
  })
  return fitting(
    [table(['id', 'title', 'status', 'who', 'duration', 'evidence', 'checked'], []), ...rows],
    100_000,
  )
}

/** `evidence: 2 verified, 1 failed; commands: 1 passed`; empty when nothing was checked. */
function checkedText(checks: readonly RawMap[], commands: RawMap = {}): string {
  const [passed, failed] = [integerOf(commands.passed) ?? 0, integerOf(commands.failed) ?? 0]
  const [evidence, run] = [countsText(countChecks(checks)), countsText({ passed, failed })]
  return [
    ...(evidence === '' ? [] : [`evidence: ${evidence}`]),
    ...(run === '' ? [] : [`commands: ${run}`]),
  ].join('; ')
}

const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .flatMap(([name, count]) => (count < 1 ? [] : [`${count} ${name}`]))
    .join(', ')

/** All the time that it was in somebody's hands. */
function durationOf(ticket: Ticket | undefined): string {
  const spans = ticket === undefined ? [] : workSpans(ticket)
  const sum = spans.reduce((total, { from_ms, to_ms }) => total + to_ms - from_ms, 0)
  return spans.length === 0 ? '' : durationText(sum)
}
