/** carryover.yaml: what a closed bundle left behind, and how another bundle takes it up. */
import { isCommand, readCriterion, type CommandCriterion } from './acceptance.ts'
import type { BundleId } from './ids.ts'
import { listOf, mapOf, textOf, type RawMap } from './raw.ts'
import type { NewTicket, Ticket } from './ticket.ts'

/** A criterion that did not hold (contracts: filesystem section 4.5); our two fields behind keep the check itself. */
export interface FailedCriterion {
  readonly ticket_id: string
  readonly title: string
  readonly criterion_index: number
  readonly run: string
  readonly exit_code: number | null
  readonly reason: string
  readonly stdout: string
  readonly stderr: string
  readonly expect_exit_code: number
  readonly expect_contains: string | null
}

/** The file's content; undefined when nothing is left behind. Failed tickets carry over too, with the reason stated. */
export function carryoverDocument(
  bundle: BundleId,
  tickets: readonly Ticket[],
  failures: readonly FailedCriterion[],
): { readonly bundle: BundleId; readonly carryover: readonly RawMap[] } | undefined {
  const carryover = tickets.flatMap((ticket): RawMap[] => {
    const own = failures.filter((failure) => failure.ticket_id === ticket.id)
    if (own.length === 0 && ticket.status !== 'failed') return []
    return [
      {
        ticket_id: ticket.id,
        title: ticket.title,
        carryover_from: `${bundle}/${ticket.id}`,
        reason: own.length > 0 ? 'acceptance_criteria_failed' : 'ticket_failed',
        failed_criteria: own,
        original_description: oneLine(ticket.description),
      },
    ]
  })
  return carryover.length === 0 ? undefined : { bundle, carryover }
}

/** The tickets that a new bundle takes over; the checks that failed come with them. */
export function readCarryover(value: unknown): readonly NewTicket[] {
  return listOf(mapOf(value)?.carryover).flatMap((entry): NewTicket[] => {
    const map = mapOf(entry)
    const origin = textOf(map?.carryover_from)
    if (map === undefined || origin === undefined) return []
    const description = textOf(map.original_description) ?? ''
    const criteria = listOf(map.failed_criteria).flatMap((failure) => readCheck(failure) ?? [])
    return [
      {
        title: textOf(map.title) ?? origin,
        description: oneLine(`carryover_from: ${origin} | ${description}`),
        acceptance_criteria: criteria,
        carryover_from: origin,
      },
    ]
  })
}

function readCheck(value: unknown): CommandCriterion | undefined {
  const map = mapOf(value)
  const run = textOf(map?.run)
  if (map === undefined || run === undefined) return undefined
  const { expect_exit_code, expect_contains } = map
  const criterion = readCriterion({
    type: 'command',
    run,
    expect_exit_code,
    ...(typeof expect_contains === 'string' ? { expect_contains } : {}),
  })
  return criterion !== undefined && isCommand(criterion) ? criterion : undefined
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim()
