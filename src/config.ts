/** config/tkt.yaml: from what a person wrote to what the program uses. Every rule is a row; all errors are told at once. */
import { readRequirement, REQUIREMENT_FORM, type Requirement } from './evidence/requirement.ts'

export interface Config {
  readonly lock_timeout_ms: number
  readonly max_tickets: number
  readonly auto_audit: boolean
  readonly one_ticket_at_a_time: boolean
  /** When a claim is stale: 0 means never; and whether a stale one may be taken without being asked for. */
  readonly stale: { readonly timeout_ms: number; readonly auto_revert: boolean }
  readonly run_structural: boolean
  readonly close_gate: { readonly command: string | undefined; readonly timeout_ms: number }
  readonly acceptance_timeout_ms: number
  readonly durable: {
    readonly one_ticket_at_a_time: boolean
    /** Whether one that is blocked counts as well. */
    readonly blocked_ticket_counts: boolean
    /** After how long a wait a ticket becomes more urgent; 0: never. */
    readonly ageing_ms: number
    /** `org/project`: whose tickets these are, among the projects that share a database. */
    readonly project: string
  }
  /** Worktrees of durable tickets. */
  readonly isolation: {
    /** Whether a claim makes one without being asked. */
    readonly enabled: boolean
    /** What they lie in, from the project's root. */
    readonly folder: string
    /** Whether a close merges the ticket's branch. */
    readonly merges: boolean
  }
  /** The note that people write tasks into, from the project's root. */
  readonly note_path: string
  /** What stands above its list of new tasks, and above its review inbox. */
  readonly note_headings: { readonly added: string; readonly inbox: string }
  /** The skills that reports name for the queue, for reviews and for the overview of a person. */
  readonly owners: { readonly workflow: string; readonly review: string; readonly cockpit: string }
  /** The texts below policy.method_laws and policy.collaboration, by the last word of their keys. */
  readonly policy: Readonly<Record<string, string>>
  readonly evidence: { readonly required: Requirement; readonly timeout_ms: number }
  /** What must pass, each within the time limit, before a durable worker ticket is closed. */
  readonly verification: { readonly commands: readonly string[]; readonly timeout_ms: number }
  readonly scope: {
    /** What becomes of a durable ticket that is closed with changes outside its scope. */
    readonly at_close: ScopeEnforcement
    /** What stands under `scope`, as written: durable/model/scope/scope-config.ts reads it where a scope is needed. */
    readonly written: unknown
  }
  /** Keys that mean nothing to this program: told where it matters, so that nobody relies on them. */
  readonly unused: readonly string[]
}

export type ScopeEnforcement = 'off' | 'warn' | 'block'

export type ResolvedConfig =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly errors: readonly string[] }

type Value = string | number | boolean | readonly string[]

interface Rule {
  readonly key: string
  readonly type: 'number' | 'boolean' | 'text' | 'kinds' | 'commands' | 'word'
  readonly default: Value
  readonly minimum?: number
  /** The words that it may be. */
  readonly words?: readonly string[]
}

export const RULES = [
  { key: 'ticket.lock_timeout', type: 'number', default: 30, minimum: 0 },
  { key: 'ticket.one_ticket_at_a_time', type: 'boolean', default: false },
  { key: 'stale.idle_timeout_minutes', type: 'number', default: 60, minimum: 0 },
  { key: 'stale.auto_revert', type: 'boolean', default: false },
  { key: 'bundle.max_tickets', type: 'number', default: 6, minimum: 1 },
  { key: 'bundle.auto_audit', type: 'boolean', default: true },
  { key: 'enforcement.run_structural', type: 'boolean', default: true },
  { key: 'enforcement.scope', type: 'word', default: 'off', words: ['off', 'warn', 'block'] },
  { key: 'close_gate.enabled', type: 'boolean', default: true },
  { key: 'close_gate.command', type: 'text', default: '' },
  { key: 'close_gate.timeout_seconds', type: 'number', default: 600, minimum: 1 },
  { key: 'acceptance.timeout_seconds', type: 'number', default: 120, minimum: 1 },
  { key: 'durable.one_ticket_at_a_time', type: 'boolean', default: true },
  { key: 'durable.blocked_ticket_counts', type: 'boolean', default: false },
  { key: 'durable.ageing_hours', type: 'number', default: 0, minimum: 0 },
  { key: 'durable.project', type: 'text', default: 'default/main' },
  { key: 'isolation.worktree_enabled', type: 'boolean', default: false },
  { key: 'isolation.worktree_dir', type: 'text', default: '.tkt/worktrees' },
  { key: 'isolation.auto_merge_on_close', type: 'boolean', default: true },
  { key: 'note.path', type: 'text', default: 'note/note_tasks.md' },
  { key: 'note.new_heading', type: 'text', default: 'New' },
  { key: 'note.inbox_heading', type: 'text', default: 'Review Agent Inbox' },
  { key: 'owners.workflow', type: 'text', default: 'skill-system-tkt' },
  { key: 'owners.review', type: 'text', default: 'skill-system-review' },
  { key: 'owners.cockpit', type: 'text', default: 'skill-system-cockpit' },
  { key: 'evidence.required', type: 'kinds', default: [] },
  { key: 'evidence.timeout_seconds', type: 'number', default: 300, minimum: 1 },
  { key: 'verification.commands', type: 'commands', default: [] },
  { key: 'verification.timeout_seconds', type: 'number', default: 600, minimum: 1 },
] as const satisfies readonly Rule[]

type Key = (typeof RULES)[number]['key']

const DEFAULT_OF = new Map<string, unknown>(RULES.map((rule) => [rule.key, rule.default]))

/** Keys of the published tool that it never read, and that have no effect here either (contracts: filesystem 1.2). */
const WITHOUT_EFFECT = /^(bundle\.min_tickets|ticket\.states|roadmap|enforcement|isolation|policy)(\.|$)/

/** Resolves what config/tkt.yaml holds; absent or empty means all defaults. */
export function resolveConfig(written: unknown): ResolvedConfig {
  if (written === undefined || written === null) return { ok: true, config: DEFAULTS }
  if (!isMap(written))
    return { ok: false, errors: ['the file must hold a map of keys, such as `close_gate:`'] }
  const { scope, ...rest } = written
  const found = flatten(rest)
  const errors = [
    ...[...found.keys()].filter(isSection).map((key) => `${key} must be a map of keys`),
    ...RULES.flatMap((rule) => judge(rule, found.get(rule.key)) ?? []),
  ]
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config: build(found, scope ?? undefined) }
}

/** What holds where nothing is written. */
export const DEFAULTS: Config = build(new Map())

function build(found: ReadonlyMap<string, unknown>, scope?: unknown): Config {
  const value = (key: Key): unknown => found.get(key) ?? DEFAULT_OF.get(key)
  const command = value('close_gate.enabled') === true ? String(value('close_gate.command')).trim() : ''
  return {
    lock_timeout_ms: 1000 * Number(value('ticket.lock_timeout')),
    max_tickets: Number(value('bundle.max_tickets')),
    auto_audit: value('bundle.auto_audit') === true,
    one_ticket_at_a_time: value('ticket.one_ticket_at_a_time') === true,
    stale: {
      timeout_ms: 60_000 * Number(value('stale.idle_timeout_minutes')),
      auto_revert: value('stale.auto_revert') === true,
    },
    run_structural: value('enforcement.run_structural') === true,
    close_gate: {
      command: command === '' ? undefined : command,
      timeout_ms: 1000 * Number(value('close_gate.timeout_seconds')),
    },
    ...durablePart(value),
    policy: policyIn(found),
    acceptance_timeout_ms: 1000 * Number(value('acceptance.timeout_seconds')),
    evidence: {
      required: readRequirement(value('evidence.required')) ?? [],
      timeout_ms: 1000 * Number(value('evidence.timeout_seconds')),
    },
    verification: {
      commands: commandsIn(value('verification.commands')) ?? [],
      timeout_ms: 1000 * Number(value('verification.timeout_seconds')),
    },
    scope: { at_close: value('enforcement.scope') as ScopeEnforcement, written: scope }, // one of the rule's words
    unused: [...found.keys()].filter((key) => !DEFAULT_OF.has(key) && !WITHOUT_EFFECT.test(key)),
  }
}

/** What only the engine of durable tickets asks. */
function durablePart(
  value: (key: Key) => unknown,
): Pick<Config, 'durable' | 'isolation' | 'note_path' | 'note_headings' | 'owners'> {
  return {
    durable: {
      one_ticket_at_a_time: value('durable.one_ticket_at_a_time') === true,
      blocked_ticket_counts: value('durable.blocked_ticket_counts') === true,
      ageing_ms: 3_600_000 * Number(value('durable.ageing_hours')),
      project: String(value('durable.project')),
    },
    isolation: {
      enabled: value('isolation.worktree_enabled') === true,
      folder: String(value('isolation.worktree_dir')),
      merges: value('isolation.auto_merge_on_close') === true,
    },
    note_path: String(value('note.path')),
    note_headings: {
      added: String(value('note.new_heading')),
      inbox: String(value('note.inbox_heading')),
    },
    owners: {
      workflow: String(value('owners.workflow')),
      review: String(value('owners.review')),
      cockpit: String(value('owners.cockpit')),
    },
  }
}

/** Sentences by the last word of their keys. */
function policyIn(found: ReadonlyMap<string, unknown>): Config['policy'] {
  return Object.fromEntries(
    [...found].flatMap(([key, written]) => {
      const name = /^policy\.(?:method_laws|collaboration)\.([a-z_]+)$/.exec(key)?.[1]
      return name === undefined || typeof written !== 'string' ? [] : [[name, written]]
    }),
  )
}

/** Dotted keys of nested maps. `lock_timeout` is taken wherever it stands first, as published. */
function flatten(written: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  const visit = (map: Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [name, value] of Object.entries(map)) {
      const key = name === 'lock_timeout' ? 'ticket.lock_timeout' : `${prefix}${name}`
      if (isMap(value) && !DEFAULT_OF.has(key)) visit(value, `${prefix}${name}.`)
      else if (!found.has(key) && value !== null) found.set(key, value)
    }
  }
  visit(written, '')
  return found
}

/** Whether known keys stand below this one: a gate that is only a word would never run. */
const isSection = (key: string): boolean => RULES.some((rule) => rule.key.startsWith(`${key}.`))

function judge(rule: Rule, value: unknown): string | undefined {
  if (value === undefined) return undefined
  const shown = JSON.stringify(value)
  if (rule.type === 'text')
    return typeof value === 'string' ? undefined : `${rule.key} must be text, got ${shown}`
  if (rule.type === 'boolean')
    return typeof value === 'boolean' ? undefined : `${rule.key} must be true or false, got ${shown}`
  if (rule.type === 'kinds')
    return readRequirement(value) === undefined
      ? `${rule.key} must be ${REQUIREMENT_FORM}, got ${shown}`
      : undefined
  if (rule.type === 'commands')
    return commandsIn(value) === undefined
      ? `${rule.key} must be a list of commands as text, got ${shown}`
      : undefined
  if (rule.type === 'word')
    return typeof value === 'string' && rule.words?.includes(value) === true
      ? undefined
      : `${rule.key} must be one of ${String(rule.words?.join(', '))}, got ${shown}`
  const minimum = rule.minimum ?? 0
  if (Number.isFinite(value) && Number(value) >= minimum) return undefined
  return `${rule.key} must be a number, ${minimum} or more, got ${shown}`
}

/** Undefined when it is no list of texts: a gate that is misread would never be asked. */
function commandsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const commands = value.filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '')
  return commands.length === value.length ? commands : undefined
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
