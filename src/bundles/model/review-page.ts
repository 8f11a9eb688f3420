/** review.md: a closed bundle as a person reads it, made of review.yaml and of what the tickets' logs tell. */
import { flowchartOf } from './graph-mermaid.ts'
import type { BundleId } from './ids.ts'
import { fitting, inline, oneLine, row, shortened, table } from './markdown.ts'
import { mapOf, mapsOf, proseOf, textOf, type RawMap } from './raw.ts'
import { readinessOf } from './readiness.ts'
import {
  auditPart,
  carryoverPart,
  commandsPart,
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
    Tickets: ticketsPart(entries, tickets),
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

function ticketsPart(entries: readonly RawMap[], tickets: readonly Ticket[]): string {
  const byId = new Map<string, Ticket>(tickets.map((ticket) => [ticket.id, ticket]))
  const rows = entries.map((entry) => {
    const id = textOf(entry.ticket_id) ?? ''
    const told = proseOf(entry.evidence) ?? proseOf(entry.reason) ?? ''
    return row(
      inline(id),
      inline(shortened(proseOf(entry.title) ?? '', 120)),
      inline(textOf(entry.status) ?? ''),
      inline(shortened(textOf(entry.worked_by) ?? '', 60)),
      durationOf(byId.get(id)),
      inline(shortened(oneLine(told), 80)),
    )
  })
  return fitting([table(['id', 'title', 'status', 'who', 'duration', 'evidence'], []), ...rows], 100_000)
}

/** All the time that it was in somebody's hands. */
function durationOf(ticket: Ticket | undefined): string {
  const spans = ticket === undefined ? [] : workSpans(ticket)
  const sum = spans.reduce((total, { from_ms, to_ms }) => total + to_ms - from_ms, 0)
  return spans.length === 0 ? '' : durationText(sum)
}
