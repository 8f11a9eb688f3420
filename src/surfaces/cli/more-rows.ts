/** A default page is made for programs, whose reading costs; people have room for more of it on a terminal. */
import type { Operation } from '../../operation/define.ts'
import type { Envelope } from '../../operation/envelope.ts'
import { isAbsent, optionsOf, type RawInput } from '../../operation/input.ts'

/** Rows that people see without asking for a number of them. */
const ROWS_FOR_PEOPLE = 100

interface Answered {
  readonly operation: Operation
  readonly raw: RawInput
  readonly envelope: Envelope
}

/** The input that brings people more of a page that was cut short; undefined when there is no more, or running again has effects. */
export function inputForMoreRows({ operation, raw, envelope }: Answered): RawInput | undefined {
  const limit = optionsOf(operation.input).find(({ name }) => name === 'limit')
  if (limit === undefined || !isAbsent(limit, raw.limit)) return undefined
  return isCut(envelope) && (isDryRun(envelope) || onlyReads(operation, raw))
    ? { ...raw, limit: ROWS_FOR_PEOPLE }
    : undefined
}

function isCut(envelope: Envelope): boolean {
  if (!envelope.ok) return false
  const { next, unreadable, unreadable_count: count } = envelope
  return next !== undefined || (Array.isArray(unreadable) && unreadable.length !== count)
}

const isDryRun = (envelope: Envelope): boolean => envelope.ok && envelope.dry_run === true

function onlyReads({ name, effects }: Operation, { action }: RawInput): boolean {
  const reading = READING_ACTIONS[name] ?? []
  return effects.every((effect) => effect.endsWith('.read')) || reading.some((known) => known === action)
}

/** The actions that only read, of an operation whose other actions write. */
const READING_ACTIONS: Readonly<Record<string, readonly string[]>> = { express: ['list'] }
