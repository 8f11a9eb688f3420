/** What `check-ticket-scope` reports: the published keys, and whence its facts are. */
import { refuse, type Refusal } from '../../../operation/refusal.ts'
import type { ChangedFiles } from './changed-files.ts'
import { refusedEntries, scopeAdmits, type Scope } from './scope.ts'

/** What the project's policy says of those who work for a ticket, in its own words. */
export interface ScopePolicy {
  readonly subagent_scope_rule: string
  readonly cross_ticket_loophole: string
}

export interface ScopeReport extends ScopePolicy {
  readonly ticket_id: string
  readonly scope_ticket_id: string
  readonly scope_description: string
  readonly scope_source: Scope['source']
  readonly allowed_prefixes: readonly string[]
  readonly denied_patterns: readonly string[]
  readonly changed_files: readonly string[]
  readonly changed_files_from: ChangedFiles['from']
  readonly base_sha: string | null
  readonly out_of_scope_files: readonly string[]
  readonly scope_breach_status: 'CLEAN' | 'SCOPE_BREACH' | 'UNDECLARED'
}

/** Judges changed files by a scope; refuses one with entries that cannot be used, and names them. */
export function scopeReport(
  scope: Scope,
  changed: ChangedFiles,
  policy: ScopePolicy,
): ScopeReport | Refusal<'INPUT_INVALID'> {
  const errors = refusedEntries(scope)
  if (errors.length > 0)
    return refuse('INPUT_INVALID', `the scope of ${scope.ticket_id} cannot be used: ${errors.join('; ')}`, {
      errors,
    })
  const admits = scopeAdmits(scope)
  const outside = changed.files.filter((path) => !admits(path))
  return {
    ticket_id: scope.ticket_id,
    scope_ticket_id: scope.scope_ticket_id,
    scope_description: scope.description,
    scope_source: scope.source,
    allowed_prefixes: scope.allow,
    denied_patterns: scope.deny,
    changed_files: changed.files,
    changed_files_from: changed.from,
    base_sha: changed.base_sha ?? null,
    out_of_scope_files: outside,
    ...policy,
    scope_breach_status: statusOf(scope, outside),
  }
}

function statusOf({ source }: Scope, outside: readonly string[]): ScopeReport['scope_breach_status'] {
  if (source === 'undeclared') return 'UNDECLARED'
  return outside.length === 0 ? 'CLEAN' : 'SCOPE_BREACH'
}
