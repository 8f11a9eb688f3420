/** The sections of review.md, each bounded. */
import { fenced, fitting, folded, inline, shortened, tailOf } from './markdown.ts'
import { integerOf, listOf, mapOf, mapsOf, proseOf, textOf, textsOf, type RawMap } from './raw.ts'
import type { Ticket } from './ticket.ts'
import { turnsOf } from './work-spans.ts'

const NONE = 'None.'
const LONGEST_LINE = 600
const LONGEST_BLOCK = 4000
const LONGEST_PART = 30_000

const line = (value: unknown): string => inline(shortened(proseOf(value) ?? '', LONGEST_LINE))

const list = (lines: readonly string[]): string =>
  lines.length === 0
    ? NONE
    : fitting(
        lines.map((one) => `- ${one}`),
        LONGEST_PART,
      )

/** The evidence of every ticket that has some, or the reason of its failure, to be opened. */
export function evidencePart(entries: readonly RawMap[]): string {
  const blocks = entries.flatMap((entry) => {
    const evidence = proseOf(entry.evidence) ?? proseOf(entry.reason)
    const checks = mapsOf(entry.evidence_checks).map(checkLine)
    if (evidence === undefined && checks.length === 0) return []
    const summary = shortened(`${textOf(entry.ticket_id) ?? ''} ${proseOf(entry.title) ?? ''}`, 200)
    const text = evidence === undefined ? [] : [fenced(shortened(evidence, LONGEST_BLOCK))]
    return [folded(summary, ...text, ...(checks.length === 0 ? [] : [list(checks)]))]
  })
  return blocks.length === 0 ? NONE : fitting(blocks, 3 * LONGEST_PART, '\n\n')
}

/** How many items of evidence came to what. */
export function countChecks(checks: readonly RawMap[]) {
  const count = (status: string): number => checks.filter((check) => check.status === status).length
  return { verified: count('verified'), recorded: count('recorded'), failed: count('failed') }
}

/** `verified: commit 1a2b3c4, 2026-03-01T12:00:00Z, Add greet.sh`. */
function checkLine({ kind, value, status, checked_at, subject, detail }: RawMap): string {
  const facts = [checked_at, subject, detail].map(line).filter((fact) => fact !== '')
  return [`${line(status) || 'recorded'}: ${line(kind)} ${line(value)}`, ...facts].join(', ')
}

/** How many commands passed; of each that failed the end of what it printed, to be opened. */
export function commandsPart(results: RawMap): string {
  const [passed, failed, skipped] = [results.passed, results.failed, results.skipped].map((count) =>
    String(integerOf(count) ?? 0),
  )
  const counts = `Commands: ${passed} passed, ${failed} failed; ${skipped} criteria were not run.`
  return [counts, fitting(mapsOf(results.failures).map(failurePart), 2 * LONGEST_PART, '\n\n')]
    .join('\n\n')
    .trimEnd()
}

function failurePart({ ticket_id, title, run, reason, stdout, stderr }: RawMap): string {
  const outputs = [stdout, stderr].flatMap((output) => {
    const text = (proseOf(output) ?? '').trimEnd()
    return text === '' ? [] : [fenced(tailOf(text, LONGEST_BLOCK))]
  })
  const summary = `${textOf(ticket_id) ?? ''} ${proseOf(title) ?? ''}: ${proseOf(reason) ?? 'failed'}`
  return folded(shortened(summary, 300), fenced(shortened(proseOf(run) ?? '', 1000)), ...outputs)
}

/** Who audited, what was found and looked at. */
export function auditPart(audit: RawMap): string {
  const score = proseOf(audit.quality_score)
  const after = textsOf(audit.finished_after_audit)
  return list([
    `Audited by ${line(audit.audited_by) || 'nobody'}; quality score ${score === undefined ? 'none' : line(score)}.`,
    ...(after.length === 0 ? [] : [`Finished after the audit: ${line(after.join(', '))}.`]),
    ...wordsOf(audit.findings).map((finding) => `Finding: ${line(finding)}`),
    ...mapsOf(audit.checked_items).map(({ item, status }) => `${line(status) || 'listed'}: ${line(item)}`),
  ])
}

/** What was taken out of somebody's hands, or done again, and why. */
export const turnsPart = (tickets: readonly Ticket[]): string =>
  list(
    turnsOf(tickets).map(({ ticket, kind, at, agent, reason }) => {
      const by = agent === undefined ? '' : ` by ${line(agent)}`
      return `${line(at)}: ${ticket} ${kind}${by}${reason === undefined ? '' : `: ${line(reason)}`}`
    }),
  )

/** What people wrote, as a text or as a list of anything. */
export const wordsPart = (value: unknown): string => list(wordsOf(value).map(line))

/** The same, a text for each line or entry. */
export function wordsOf(value: unknown): readonly string[] {
  const text = proseOf(value)
  if (text !== undefined) return text.split('\n').flatMap((one) => one.replace(/^\s*[-*]\s/, '').trim() || [])
  return listOf(value).flatMap((entry) => {
    const map = mapOf(entry)
    return map === undefined ? (proseOf(entry) ?? []) : Object.entries(map).map(fieldText).join('; ')
  })
}

const fieldText = ([name, value]: readonly [string, unknown]): string =>
  `${name}: ${proseOf(value) ?? JSON.stringify(value)}`

/** What a follow-up bundle would take up. */
export const carryoverPart = (carryover: readonly RawMap[]): string =>
  list(
    carryover.map(({ ticket_id, title, reason, failure_reason }) => {
      const why = [textOf(reason)?.replaceAll('_', ' '), failure_reason].map(line).filter((one) => one !== '')
      return `${line(ticket_id)} ${line(title)}: ${why.join(', ')}`
    }),
  )
