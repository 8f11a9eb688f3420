/** The scope of a ticket at work: what holds for it, what was changed outside it, and whom it may meet. */
import { relative, resolve } from 'node:path'
import { accept } from '../operation/accept.ts'
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import { acceptGivenFiles, findChangedFiles } from './effects/changed-files.ts'
import { readScopeConfig } from './model/scope/scope-config.ts'
import { refusedEntry } from './model/scope/scope-entry.ts'
import { meetingsOf } from './model/scope/scope-overlap.ts'
import { scopeReport, type ScopeReport } from './model/scope/scope-report.ts'
import { scopeOf, type ScopeConfig, type ScopeEntries } from './model/scope/scope.ts'
import type { DurableTicket } from './model/ticket.ts'
import type { TicketStore } from './store/ticket-store.ts'

export interface Asked {
  /** In place of what git says. */
  readonly changed_file?: readonly string[] | undefined
  /** In place of the commit that the claim went on record with. */
  readonly base?: string | undefined
}

/** Judges what was changed for a ticket. Throws CONFIG_INVALID, and what git cannot tell: see SCOPE_ERRORS in scope-door.ts. */
export async function reportScope(
  context: DurableContext,
  ticket: DurableTicket,
  { changed_file, base }: Asked = {},
): Promise<ScopeReport> {
  const checkout = context.checkout()
  const { store } = context
  const { place, begun_at, target } = workplaceOf(context, ticket)
  const changed = accept(
    changed_file === undefined
      ? await findChangedFiles(place, { base: base ?? begun_at, target })
      : await acceptGivenFiles(place, changed_file),
  )
  const records = checkout === undefined ? '.tkt' : relative(checkout.main, store)
  const scope = scopeOf(ticket.key, ticket.scope, configOf(context))
  return accept(scopeReport(scope, changed, { policy: POLICY, records: `${records}/` }))
}

/** In its own worktree, else in the checkout; what a worktree got by merges from its target is the work of others. */
function workplaceOf({ root, environment, checkout }: DurableContext, { worktree, claim }: DurableTicket) {
  if (worktree !== undefined) {
    const { path, base: begun_at, target } = worktree
    return { place: { root, worktree: resolve(root, path), environment }, begun_at, target }
  }
  const here = checkout()
  const target = here !== undefined && here.top !== here.main ? 'main-worktree/HEAD' : undefined
  return { place: { root: here?.top ?? root, environment }, begun_at: claim?.base, target }
}

/** As published. */
const POLICY = { subagent_scope_rule: 'ticket-scoped', cross_ticket_loophole: 'forbidden' }

function configOf(context: DurableContext): ScopeConfig {
  const read = readScopeConfig(context.config().scope.written)
  if (read.ok) return read.config
  const { errors } = read
  throw new OperationError('CONFIG_INVALID', `config/tkt.yaml: ${errors.join('; ')}`, { errors })
}

/** Tells of tickets in other hands that may change the same files; undefined when there are none. */
export async function overlapOf(
  context: DurableContext,
  store: TicketStore,
  ticket: DurableTicket,
): Promise<string | undefined> {
  const config = configOf(context)
  const mine = scopeOf(ticket.key, ticket.scope, config)
  if (mine.source === 'undeclared' || ticket.claim === undefined) return undefined
  const others = await store.heldByOthers(ticket.claim.session)
  const met = others.filter((other) => meetingsOf(mine, scopeOf(other.key, other.scope, config)).length > 0)
  const [first, ...more] = met
  if (first === undefined) return undefined
  const rest = more.length === 0 ? '' : `, and ${more.length} more`
  return `its scope may meet that of ${first.key} (session ${cut(first.session, 20)})${rest}`
}

/** Throws INPUT_INVALID about the first entry that cannot be used. */
export function refuseUnusable(scope: ScopeEntries): void {
  for (const [field, entries] of [
    ['scope_allow', scope.allow],
    ['scope_deny', scope.deny],
  ] as const)
    for (const value of entries) {
      const reason = refusedEntry(value)
      if (reason === undefined) continue
      const details = { field, value: cut(value, 80), reason }
      throw new OperationError('INPUT_INVALID', `--${field.replace('_', '-')} ${reason}`, details)
    }
}
