/** Tells which changed files are outside the scope of a durable ticket. */
import { Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut, pageOf, type PageRequest } from '../../operation/page.ts'
import { count, list, text } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { ticketField } from '../fields.ts'
import type { ScopeReport } from '../model/scope/scope-report.ts'
import { SCOPE_ERRORS } from '../scope-door.ts'
import { reportScope } from '../ticket-scope.ts'

export const checkTicketScope = defineOperation({
  name: 'check-ticket-scope',
  summary: 'Tell which changed files are outside the scope of a durable ticket.',
  capability: 'tkt-check-scope',
  effects: ['db.read', 'git.read'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    changed_file: Optional(list('in place of what git says; repeatable')),
    base: Optional(text('where the work began; else the commit at the claim')),
    limit: Optional(count('at most this many changed files', 1)),
    offset: Optional(count('leave out this many changed files first')),
  }),
  output: Fields({ scope_report: Unknown(), shown: String(), next: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE', 'UNKNOWN_TICKET', ...SCOPE_ERRORS],
  positional: ['ticket_id'],
  examples: ['check-ticket-scope TKT-016', 'check-ticket-scope TKT-016 --changed-file src/hits.ts'],
  run: async ({ ticket_id, changed_file, base, ...page }, context: DurableContext) => {
    const ticket = context.hasStore() ? await context.withStore((store) => store.find(ticket_id)) : undefined
    if (ticket === undefined)
      throw new OperationError('UNKNOWN_TICKET', `there is no ticket ${ticket_id}`, { ticket_id })
    return answerOf(await reportScope(context, ticket, { changed_file, base }), page)
  },
})

/** A page of the changed files, and beside it as many of those outside the scope. */
function answerOf(report: ScopeReport, page: PageRequest) {
  const { changed_files, out_of_scope_files, allowed_prefixes, denied_patterns } = report
  const beside = {
    ...report,
    scope_description: cut(report.scope_description, 100),
    allowed_prefixes: some(allowed_prefixes),
    denied_patterns: some(denied_patterns),
    changed_count: changed_files.length,
    out_of_scope_count: out_of_scope_files.length,
    changed_files: [],
    out_of_scope_files: [],
  }
  const lines = changed_files.map((changed, index) => ({ changed, outside: out_of_scope_files[index] }))
  const { rows, ...shown } = pageOf(lines, page, beside)
  return {
    scope_report: {
      ...beside,
      changed_files: rows.map(({ changed }) => changed),
      out_of_scope_files: rows.flatMap(({ outside }) => outside ?? []),
    },
    ...shown,
  }
}

/** The whole list is told by show-ticket, or stands in the configuration. */
const some = (entries: readonly string[]): readonly string[] =>
  entries.slice(0, 5).map((entry) => cut(entry, 80))
