/** What `check-ticket-scope` reports: the published keys, and whence its facts are. */
import { refuse, type Refusal } from '../../../operation/refusal.ts'
import type { ChangedFiles } from './changed-files.ts'
import { refusedEntries, scopeAdmits, type Scope } from './scope.ts'

/** What the project's policy says of those who work for a ticket, in its own words. */
export interface ScopePolicy {
  readonly subagent_scope_rule: string
  readonly cross_ticket_loophole: string
}

export interface ReportTerms {
  readonly policy: ScopePolicy
  /** The folder of the tool's own records, which are no work of the ticket; with a slash at its end. */
  readonly records?: string | undefined
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
  /** How many changed files are records of the tool: these are not told. */
  readonly ignored_files: number
  readonly scope_breach_status: 'CLEAN' | 'SCOPE_BREACH' | 'UNDECLARED'
}

/** Judges changed files by a scope; refuses one with entries that cannot be used, and names them. */
export function scopeReport(
  scope: Scope,
  changed: ChangedFiles,
  { policy, records }: ReportTerms,
): ScopeReport | Refusal<'INPUT_INVALID'> {
  const errors = refusedEntries(scope)
  if (errors.length > 0)
    return refuse('INPUT_INVALID', `the scope of ${scope.ticket_id} cannot be used: ${errors.join('; ')}`, {
      errors,
    })
  const admits = scopeAdmits(scope)
  const files = changed.files.filter((path) => records === undefined || !path.startsWith(records))
  const outside = files.filter((path) => !admits(path))
  return {
    ticket_id: scope.ticket_id,
    scope_ticket_id: scope.scope_ticket_id,
    scope_description: scope.description,
    scope_source: scope.source,
    allowed_prefixes: scope.allow,
    denied_patterns: scope.deny,
    changed_files: files,
    changed_files_from: changed.from,
    base_sha: changed.base_sha ?? null,
    out_of_scope_files: outside,
    ignored_files: changed.files.length - files.length,
    ...policy,
    scope_breach_status: statusOf(scope, outside),
  }
}

/** What is wrong with closing the ticket; undefined when nothing is. */
export function breachOf({
  ticket_id,
  out_of_scope_files,
  base_sha,
}: ScopeReport): Refusal<'SCOPE_BREACH'> | undefined {
  const [first, ...more] = out_of_scope_files
  if (first === undefined) return undefined
  const files = out_of_scope_files.slice(0, MOST_TOLD)
  const rest = more.length === 0 ? '' : ` and ${more.length} more`
  return refuse(
    'SCOPE_BREACH',
    `${ticket_id} changed what is outside its scope: ${first.slice(0, 200)}${rest}`,
    {
      ...{ ticket_id, out_of_scope_files: files, out_of_scope_count: out_of_scope_files.length, base_sha },
    },
  )
}

const MOST_TOLD = 20

function statusOf({ source }: Scope, outside: readonly string[]): ScopeReport['scope_breach_status'] {
  if (source === 'undeclared') return 'UNDECLARED'
  return outside.length === 0 ? 'CLEAN' : 'SCOPE_BREACH'
}
