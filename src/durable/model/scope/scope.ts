/** Which paths a ticket may change, where that is declared, and what a set of changed files is worth by it. */
import { isDeclared } from '../ticket.ts'
import { compileEntry, refusedEntry } from './scope-entry.ts'

/** Entries as scope-entry.ts reads them. Deny wins; without an entry to allow, all that is not denied is allowed. */
export interface ScopeEntries {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

/** A scope in config/tkt.yaml. */
export interface ConfiguredScope extends ScopeEntries {
  readonly description?: string
}

export interface ScopeConfig {
  /** The first one counts whose `match`, a glob, fits the ticket's id. */
  readonly rules: readonly (ConfiguredScope & { readonly match: string })[]
  readonly defaults: ConfiguredScope
}

export interface Scope extends ScopeEntries {
  readonly ticket_id: string
  readonly source: 'ticket' | 'rule' | 'defaults' | 'undeclared'
  /** The ticket's id, or the `match` of the rule. */
  readonly scope_ticket_id: string
  readonly description: string
}

/** The scope that holds for a ticket: its own, else that of the first rule that fits, else the defaults. */
export function scopeOf(ticket_id: string, own: ScopeEntries, config: ScopeConfig): Scope {
  const mine = { ticket_id, scope_ticket_id: ticket_id }
  if (isDeclared(own))
    return { ...mine, source: 'ticket', description: 'declared by the ticket', ...entriesOf(own) }
  const rule = config.rules.find(({ match }) => compileEntry(match)(ticket_id))
  if (rule !== undefined) {
    const { match, description = `scope.rules of config/tkt.yaml, ${match}` } = rule
    return { ticket_id, scope_ticket_id: match, source: 'rule', description, ...entriesOf(rule) }
  }
  const { defaults } = config
  if (isDeclared(defaults)) {
    const { description = 'scope.defaults of config/tkt.yaml' } = defaults
    return { ...mine, source: 'defaults', description, ...entriesOf(defaults) }
  }
  return { ...mine, source: 'undeclared', description: 'no scope is declared', allow: [], deny: [] }
}

const entriesOf = ({ allow, deny }: ScopeEntries): ScopeEntries => ({
  allow: allow.length === 0 ? ['**'] : allow,
  deny,
})

/** Whether a scope admits a path. An undeclared one admits all. Throws for entries that `refusedEntries` refuses. */
export function scopeAdmits(scope: Scope): (path: string) => boolean {
  if (scope.source === 'undeclared') return () => true
  const [isAllowed, isDenied] = [anyOf(scope.allow), anyOf(scope.deny)]
  return (path) => isAllowed(path) && !isDenied(path)
}

function anyOf(entries: readonly string[]): (path: string) => boolean {
  const compiled = entries.map(compileEntry)
  return (path) => compiled.some((admits) => admits(path))
}

/** Why entries cannot be used, a sentence for each one that cannot. */
export const refusedEntries = ({ allow, deny }: ScopeEntries): readonly string[] =>
  [...allow, ...deny].flatMap((entry) => refusedEntry(entry) ?? [])
