/** How a new bundle takes up what another one left behind. */
import { isCommand, readCriterion, type CommandCriterion, type Criterion } from '../../evidence/acceptance.ts'
import { carriedDescription } from './carryover-description.ts'
import { isTicketId, roleOf, workerId, type TicketId } from './ids.ts'
import { integerOf, listOf, mapOf, textOf, textsOf, type RawMap } from './raw.ts'
import { reasonOf } from './review-entry.ts'
import { readTicket, type NewTicket, type Ticket } from './ticket.ts'

export interface TakingUp {
  /** The files of the tickets left behind: how they were planned is read there, so older carryovers have it too. */
  readonly origins: ReadonlyMap<string, RawMap>
  /** How many tickets come before them in the new bundle. */
  readonly offset: number
}

/** A ticket that is taken up; it always knows where it comes from. */
export type CarriedTicket = NewTicket & { readonly carryover_from: string }

/** The tickets that a new bundle takes over. Dependencies among them stay; the others were done, and are dropped. */
export function readCarryover(value: unknown, { origins, offset }: TakingUp): readonly CarriedTicket[] {
  const entries = listOf(mapOf(value)?.carryover).flatMap((entry): Entry[] => {
    const map = mapOf(entry)
    const origin = textOf(map?.carryover_from)
    return map === undefined || origin === undefined ? [] : [entryOf(map, origin, origins)]
  })
  const ids = new Map(entries.map(({ id }, index) => [id, workerId(offset + index + 1)]))
  return entries.map((entry) => carriedTicket(entry, ids))
}

interface Entry {
  readonly map: RawMap
  readonly origin: string
  /** Of the ticket in the bundle that left it behind. */
  readonly id: string
  readonly file: RawMap
  /** Undefined when the file is gone or cannot be understood. */
  readonly ticket: Ticket | undefined
}

function entryOf(map: RawMap, origin: string, origins: TakingUp['origins']): Entry {
  const id = origin.slice(origin.indexOf('/') + 1)
  const file = origins.get(id)
  const read = isTicketId(id) && file !== undefined ? readTicket(id, file) : undefined
  return { map, origin, id, file: file ?? {}, ticket: read?.ok === true ? read.value : undefined }
}

function carriedTicket(entry: Entry, ids: ReadonlyMap<string, TicketId>): CarriedTicket {
  const { map, origin, ticket } = entry
  const { failed_criteria } = map
  const is_failed = ticket?.status === 'failed' || map.reason === 'ticket_failed'
  const told = textOf(map.failure_reason)
  const failure_reason = told ?? (ticket?.status === 'failed' ? reasonOf(ticket) : undefined)
  const description = textOf(map.original_description) ?? ''
  return {
    title: textOf(map.title) ?? origin,
    description: carriedDescription({ origin, description, is_failed, failure_reason, failed_criteria }),
    acceptance_criteria: criteriaOf(entry, is_failed),
    ...planOf(entry),
    depends_on: (ticket?.depends_on ?? []).flatMap((id) => ids.get(id) ?? []),
    carryover_from: origin,
  }
}

/** Of work that was done only the checks that failed are left to do; of failed work everything is. */
function criteriaOf({ map, ticket }: Entry, isFailed: boolean): readonly Criterion[] {
  const criteria = ticket?.acceptance_criteria ?? []
  if (isFailed && criteria.length > 0) return criteria
  return listOf(map.failed_criteria).flatMap((failure) => readCheck(failure) ?? [])
}

/** What the ticket was planned with. The type of a fixed ticket stays behind: a carried ticket is a worker. */
function planOf({ file, ticket }: Entry): Partial<NewTicket> {
  if (ticket === undefined) return {}
  return {
    ...(roleOf(ticket.id) === 'worker' ? { type: ticket.type } : {}),
    ...texts(file, ['category', 'effort_estimate', 'agent_type', 'source_plan']),
    ...numbers(file, ['wave', 'source_ticket_index']),
    skills: ticket.skills,
    scope: ticket.scope,
    qa_scenarios: textsOf(file.qa_scenarios),
  }
}

const texts = (map: RawMap, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => pair(name, textOf(map[name]))))

const numbers = (map: RawMap, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => pair(name, integerOf(map[name]))))

const pair = <Value>(name: string, value: Value | undefined): readonly (readonly [string, Value])[] =>
  value === undefined ? [] : [[name, value]]

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
