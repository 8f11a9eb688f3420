/** The end of the demo: what a person reads to decide, out of review.yaml and the status. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import { done, type Answer } from './place.ts'
import { BUNDLE, type Play } from './play.ts'

/** The parts of review.yaml that the demo shows (written by src/bundles/model/review.ts). */
export interface Review {
  readonly summary: string
  readonly evidence_summary: readonly { readonly ticket_id: string; readonly evidence: string | null }[]
  readonly acceptance_results: {
    readonly passed: number
    readonly failed: number
    readonly by_ticket: readonly {
      readonly ticket_id: string
      readonly passed: number
      readonly failed: number
    }[]
  }
  readonly audit_result: { readonly findings: readonly string[]; readonly audited_by: string | null }
  readonly transition_stats: {
    readonly total: number
    readonly blocked_count: number
    readonly reopened_count: number
    readonly takeovers: readonly { readonly ticket_id: string; readonly reason: string }[]
  }
}

/** Shows the review of the closed bundle: tickets, who, proof, commands, the audit's finding, the moves. */
export async function showReview({ place, stage }: Play, path: string): Promise<Review> {
  const review = readReview(path)
  const status = await done(place, ['status', '--bundle', BUNDLE, '--limit', '50'])
  const tickets = status.tickets as readonly Answer[]
  stage.says(review.summary)
  stage.row(line('ticket', 'who', 'commands', 'evidence'))
  for (const { ticket_id, evidence } of review.evidence_summary) {
    const who = tickets.find(({ id }) => id === ticket_id)?.claimed_by
    const checks = review.acceptance_results.by_ticket.find((row) => row.ticket_id === ticket_id)
    const [passed, failed] = [checks?.passed ?? 0, checks?.failed ?? 0]
    const commands = passed + failed === 0 ? '-' : `${passed} of ${passed + failed}`
    stage.row(line(ticket_id, typeof who === 'string' ? who : '', commands, evidence?.split('\n')[0] ?? ''))
  }
  const { passed, failed } = review.acceptance_results
  const { audited_by, findings } = review.audit_result
  const { total, blocked_count, reopened_count, takeovers } = review.transition_stats
  stage.says(`audit by ${audited_by ?? 'nobody'}: ${findings.join(' ')}`)
  stage.says(
    `${passed} acceptance commands passed, ${failed} failed; ${total} moves, ${blocked_count} of them blocked, ${reopened_count} reopened`,
  )
  for (const { ticket_id, reason } of takeovers) stage.says(`${ticket_id} was ${reason}`)
  stage.says(`whole: ${relative(place.project, path)}, and every step in ${join('.tkt', 'history.log')}`)
  return review
}

/** Trusted, as tkt has just written it. */
export const readReview = (path: string): Review => parse(readFileSync(path, 'utf8')) as Review

const line = (ticket: string, who: string, commands: string, evidence: string): string =>
  `${ticket.padEnd(8)} ${who.padEnd(5)} ${commands.padEnd(8)} ${evidence}`
