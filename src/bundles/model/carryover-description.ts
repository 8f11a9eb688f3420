/** The description of a ticket that is carried over: where it comes from, and why it was left behind. */
import { integerOf, listOf, mapOf, textOf, type RawMap } from './raw.ts'

export interface LeftBehind {
  /** The bundle and the ticket, such as B-001/TKT-001. */
  readonly origin: string
  readonly description: string
  readonly is_failed: boolean
  readonly failure_reason: string | undefined
  readonly failed_criteria: unknown
}

/** The published line first; below it the reason of a failure, and each failed check with the end of its output. */
export function carriedDescription(left: LeftBehind): string {
  const { origin, description, is_failed, failure_reason } = left
  const head = oneLine(`carryover_from: ${origin} | ${originalDescription(description)}`)
  const checks = listOf(left.failed_criteria).flatMap((failure) => describeFailure(mapOf(failure) ?? {}))
  const more = checks.length - MOST_CHECKS
  const causes = [
    ...(is_failed ? [`- it failed: ${indented(failure_reason ?? 'nobody said why')}`] : []),
    ...checks.slice(0, MOST_CHECKS),
    ...(more > 0 ? [`- and ${more} more: see carryover.yaml of ${origin.split('/')[0] ?? ''}`] : []),
  ]
  return causes.length === 0 ? head : [head, '', `Why ${origin} was left behind:`, ...causes].join('\n')
}

/** In one line, as published, and without the causes of an earlier carryover: they were those of another try. */
export const originalDescription = (description: string): string =>
  oneLine(description.replace(/^(carryover_from: [^\n]*)\n\nWhy \S+ was left behind:\n.*$/su, '$1'))

const MOST_CHECKS = 5
const LAST_LINES = 6
const LONGEST_LINE = 160

function describeFailure({ run, criterion_index, reason, stdout, stderr }: RawMap): readonly string[] {
  const command = textOf(run)
  const name =
    command === undefined
      ? `check ${integerOf(criterion_index) ?? ''}`.trim()
      : `\`${cut(oneLine(command))}\``
  const cause = textOf(reason)
  if (command === undefined && cause === undefined) return []
  const output = [stdout, stderr].flatMap((text) => lastLines(textOf(text) ?? ''))
  return [[`- ${name}: ${cause ?? 'it failed'}`, ...output.map((line) => `    ${line}`)].join('\n')]
}

const lastLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => cut(line.trimEnd()))
    .filter((line) => line !== '')
    .slice(-LAST_LINES)

/** Half a character at the end could not be written. */
const cut = (text: string): string => text.slice(0, LONGEST_LINE).replace(/[\uD800-\uDBFF]$/, '')

const indented = (text: string): string => text.trim().replaceAll('\n', '\n  ')

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim()
