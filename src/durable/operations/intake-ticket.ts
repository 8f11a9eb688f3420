/** Takes tickets into the database: one that is told, or all that the note asks for. */
import { Boolean, Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut } from '../../operation/page.ts'
import { idempotencyField, requestOf } from '../../operation/request-door.ts'
import { choice, count, flag, list, longText, text, texts } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import {
  assignableField,
  companyFields,
  payloadOf,
  ticketField,
  batchField,
  keyField,
  refuseNoSession,
  sessionField,
} from '../fields.ts'
import type { Draft } from '../model/draft.ts'
import { fullRecordOf, isDeclared, PROVENANCES, TICKET_TYPES } from '../model/ticket.ts'
import { intakeFromNote, previewOfNote } from '../note-intake.ts'
import { replayedIn } from '../request-door.ts'
import { unreadableIn } from '../proof-door.ts'
import type { TicketStore } from '../store/ticket-store.ts'
import { warnOfCircle } from '../warn-of-circle.ts'

export const intakeTicket = defineOperation({
  name: 'intake-ticket',
  summary:
    'Take a ticket, or all of the note, into the database of durable tickets; what is known stays as it is.',
  capability: 'tkt-intake',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    from_note_tasks: Optional(flag('take in what the note asks for')),
    dry_run: Optional(flag('with --from-note-tasks: tell, and write nothing')),
    ticket_id: Optional(keyField('its name in this project')),
    title: Optional(text('one line')),
    summary: Optional(longText('what is to be done')),
    source: Optional(text('where it comes from (manual)')),
    batch_id: Optional(batchField('the batch it belongs to')),
    ticket_type: Optional(choice([...TICKET_TYPES], 'a worker does it, the integrator ends the batch')),
    queue_order: Optional(count('its place in the queue')),
    priority: Optional(count('0 most urgent, 100 least (50)', 0, 100)),
    wave: Optional(count('waits for the earlier waves of its batch')),
    depends_on: Optional(list('tickets that must be done before, comma-separated')),
    assignable_to: Optional(assignableField()),
    scope_allow: Optional(list('files, folders, globs it may change')),
    scope_deny: Optional(list('of these the ones it may not')),
    required_work: Optional(texts('what is to be done; repeatable')),
    acceptance: Optional(texts('how one sees that it is done; repeatable')),
    ...companyFields(),
    parent: Optional(ticketField('the ticket it is a part of')),
    provenance: Optional(choice([...PROVENANCES], 'what brought it up; else told from its names')),
    session_id: Optional(sessionField('who brings it')),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket: Unknown(),
    batch: Unknown(),
    created: Optional(Boolean()),
    replayed: Optional(Boolean()),
    refresh_status: Optional(Unknown()),
  }),
  errors: [
    'DATABASE_UNAVAILABLE',
    'MISSING_TICKET_FIELDS',
    'EMPTY_TICKET_BATCH',
    'INVALID_TICKET_BLOCK',
    'UNKNOWN_TICKET',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  positional: ['ticket_id', 'title', 'summary'],
  examples: [
    'intake-ticket --ticket-id TKT-016 --title "Count the hits" --summary "Each redirect counts once."',
    'intake-ticket TKT-017 "Show the counts" "On the page of a link." --depends-on TKT-016 --batch-id BATCH-5',
    'intake-ticket --from-note-tasks',
  ],
  run: async (input, context: DurableContext) => {
    const { from_note_tasks = false, dry_run = false, session_id: session, batch_id: batch, ...told } = input
    if (from_note_tasks && dry_run) return previewOfNote(context, batch)
    if (from_note_tasks) return intakeFromNote(context, { batch, session, trigger: 'intake-ticket' })
    const { idempotency_key, parent: of, ...said } = told
    const draft = await draftOf({ ...said, batch })
    const now_ms = context.now_ms()
    const request = await requestOf('intake-ticket', { ...told, batch, idempotency_key }, session)
    const [taken] = await context.withStore(async (store) => {
      if (session !== undefined) await store.renew(session, now_ms, context.terms())
      const parent = of === undefined ? undefined : await parentNamed(store, of)
      const taken = await store.intake([{ ...draft, parent }], { now_ms, session, request })
      await warnOfCircle(context, store, taken)
      return taken
    })
    const { key } = draft
    if (taken === undefined) throw new Error(`${key} was taken in and is not told`)
    const ticket = fullRecordOf(taken.ticket, now_ms)
    if (taken.ticket.deleted_ms !== undefined)
      context.warn(`${key} was deleted, and stays so: \`tkt delete-ticket --restore\` brings it back`)
    return {
      ticket,
      batch: { batch_id: ticket.batch_id, mode: 'single-ticket', status: ticket.status, tickets: [key] },
      created: taken.isNew,
      ...replayedIn(taken),
    }
  },
})

interface Said extends Partial<Pick<Draft, 'title' | 'summary' | 'batch' | 'acceptance' | 'assignable_to'>> {
  readonly ticket_id?: string
  readonly ticket_type?: Draft['type']
  readonly scope_allow?: readonly string[]
  readonly scope_deny?: readonly string[]
  readonly payload?: string
}

/** Throws MISSING_TICKET_FIELDS, or INPUT_INVALID for what could not be meant. */
async function draftOf(said: Said): Promise<Draft> {
  const { ticket_id: key, title, summary, ticket_type: type = 'WORKER', payload, ...rest } = said
  const { scope_allow: allow = [], scope_deny: deny = [], ...more } = rest
  if (key === undefined || title === undefined || summary === undefined)
    throw missing({ ticket_id: key, title, summary })
  refuseNoSession(more.assignable_to)
  await refuseUnreadable(more.acceptance ?? [])
  const scope = { allow, deny }
  if (isDeclared(scope)) (await import('../ticket-scope.ts')).refuseUnusable(scope)
  return {
    ...{ source: 'manual', ...more, key, title, summary, type },
    ...(isDeclared(scope) ? { scope } : {}),
    ...payloadOf(payload),
  }
}

/** Its key. Throws UNKNOWN_TICKET. */
async function parentNamed(store: TicketStore, name: string): Promise<string> {
  const found = await store.find(name)
  if (found !== undefined && found.deleted_ms === undefined) return found.key
  throw new OperationError('UNKNOWN_TICKET', `--parent: there is no ticket ${name}`, { ticket_id: name })
}

async function refuseUnreadable(acceptance: readonly string[]): Promise<void> {
  const found = await unreadableIn(acceptance)
  if (found === undefined) return
  const { value, reason } = found
  const details = { field: 'acceptance', value: cut(value), reason }
  throw new OperationError('INPUT_INVALID', `--acceptance ${found.number}: ${reason}`, details)
}

function missing(fields: Readonly<Record<string, string | undefined>>): OperationError {
  const names = Object.keys(fields).filter((name) => fields[name] === undefined)
  const flags = names.map((name) => `--${name.replace('_', '-')}`).join(', ')
  return new OperationError('MISSING_TICKET_FIELDS', `a ticket needs ${flags} too`, { missing: names })
}
