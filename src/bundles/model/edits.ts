/** What may be changed of a ticket or a bundle after its birth, and what is kept of how it was. Nothing here reads or writes. */
import type { RawMap } from './raw.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'

export type Kind = 'ticket' | 'express ticket' | 'bundle'

/** The fields by kind, each with what it holds when it is cleared; undefined for those that must say something. */
const FIELDS: Readonly<Record<Kind, RawMap>> = {
  ticket: {
    title: undefined,
    description: undefined,
    acceptance_criteria: undefined,
    category: null,
    effort_estimate: null,
    agent_type: null,
    skills: [],
    wave: null,
    qa_scenarios: [],
    depends_on: [],
    scope: [],
    source_plan: null,
    source_ticket_index: null,
  },
  'express ticket': {
    title: undefined,
    description: undefined,
    acceptance_criteria: undefined,
    category: null,
    effort_estimate: null,
    agent_type: null,
    wave: null,
    source_plan: null,
    source_ticket_index: null,
  },
  bundle: {
    title: undefined,
    context: null,
    priority: 'normal',
    track: null,
    source_plan: null,
    depends_on: [],
  },
}

export interface EditRequest {
  /** New values by field. */
  readonly set: RawMap
  /** Fields that are to hold nothing. */
  readonly clear: readonly string[]
  readonly agent: string | undefined
  readonly reason: string | undefined
}

export interface Edited {
  readonly ok: true
  /** The fields that hold something else now; none when everything was so already. */
  readonly changed: readonly string[]
  /** What the file is to hold. What fields held before stands in its `edit_log`. */
  readonly after: RawMap
}

/** Judges an edit of what the file of a `kind` holds. */
export function judgeEdit(
  kind: Kind,
  before: RawMap,
  request: EditRequest,
  now: string,
): Edited | Refusal<'INPUT_INVALID'> {
  const fields = FIELDS[kind]
  const cleared = Object.fromEntries(request.clear.map((name) => [name, fields[name]]))
  const wanted = { ...request.set, ...cleared }
  const unknown = Object.keys(wanted).filter((name) => !(name in fields))
  if (unknown.length > 0) {
    const names = Object.keys(fields).join(', ')
    return refuse('INPUT_INVALID', `a ${kind} has no ${unknown.join(', ')} to edit: it has ${names}`, {
      unknown,
    })
  }
  const both = request.clear.filter((name) => name in request.set)
  if (both.length > 0)
    return refuse('INPUT_INVALID', `--clear: ${both.join(', ')} cannot be set and cleared at once`, { both })
  const needed = request.clear.filter((name) => fields[name] === undefined)
  if (needed.length > 0)
    return refuse('INPUT_INVALID', `--clear: ${needed.join(', ')} must say something`, { needed })
  const changed = Object.keys(wanted).filter((name) => !isSame(before[name] ?? null, wanted[name]))
  if (changed.length === 0) return { ok: true, changed, after: before }
  const was = Object.fromEntries(changed.map((name) => [name, before[name] ?? null]))
  const { agent = null, reason } = request
  const entry = { timestamp: now, agent, ...(reason === undefined ? {} : { reason }), was }
  const log: readonly unknown[] = Array.isArray(before.edit_log) ? before.edit_log : []
  const values = Object.fromEntries(changed.map((name) => [name, wanted[name]]))
  return { ok: true, changed, after: { ...before, ...values, edit_log: [...log, entry] } }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
