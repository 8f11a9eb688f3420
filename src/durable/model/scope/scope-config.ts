/** `scope` of config/tkt.yaml, written -> read; all errors at once, gathered in the `errors` that the readers share. */
import { refusedEntry } from './scope-entry.ts'
import { refusedEntries, type ConfiguredScope, type ScopeConfig, type ScopeEntries } from './scope.ts'

export type ReadScopeConfig =
  | { readonly ok: true; readonly config: ScopeConfig }
  | { readonly ok: false; readonly errors: readonly string[] }

/** Reads what the file holds under `scope`: `defaults` {allow, deny, description} and `rules` of these with a `match`. */
export function readScopeConfig(written: unknown): ReadScopeConfig {
  const errors: string[] = []
  const { defaults, rules } = mapIn('scope', written, ['defaults', 'rules'], errors)
  const config: ScopeConfig = {
    defaults: scopeIn('scope.defaults', mapIn('scope.defaults', defaults, SCOPE_KEYS, errors), errors),
    rules: listIn('scope.rules', rules, errors).map((rule, index) =>
      ruleIn(`scope.rules[${index}]`, rule, errors),
    ),
  }
  return errors.length === 0 ? { ok: true, config } : { ok: false, errors }
}

const SCOPE_KEYS = ['allow', 'deny', 'description']

function ruleIn(key: string, written: unknown, errors: string[]): ScopeConfig['rules'][number] {
  const rule = mapIn(key, written, [...SCOPE_KEYS, 'match'], errors)
  const match = textIn(`${key}.match`, rule.match, errors)
  const scope = scopeIn(key, rule, errors)
  if (match === undefined) errors.push(`${key}.match must be a glob over ids of tickets, such as TKT-0*`)
  const refusal = match === undefined ? undefined : refusedEntry(match)
  if (refusal !== undefined) errors.push(`${key}.match: ${refusal}`)
  if (scope.allow.length + scope.deny.length === 0)
    errors.push(`${key} must list something under allow or deny`)
  return { match: match ?? '', ...scope }
}

function scopeIn(key: string, written: Readonly<Record<string, unknown>>, errors: string[]): ConfiguredScope {
  const description = textIn(`${key}.description`, written.description, errors)
  return { ...entriesIn(key, written, errors), ...(description === undefined ? {} : { description }) }
}

function entriesIn(key: string, written: Readonly<Record<string, unknown>>, errors: string[]): ScopeEntries {
  const [allow = [], deny = []] = ['allow', 'deny'].map((name) =>
    listIn(`${key}.${name}`, written[name], errors).flatMap((entry) => {
      if (typeof entry === 'string') return entry
      errors.push(`${key}.${name} must hold texts, got ${JSON.stringify(entry)}`)
      return []
    }),
  )
  errors.push(...refusedEntries({ allow, deny }).map((refusal) => `${key}: ${refusal}`))
  return { allow, deny }
}

function mapIn(
  key: string,
  written: unknown,
  known: readonly string[],
  errors: string[],
): Readonly<Record<string, unknown>> {
  if (written === undefined || written === null) return {}
  if (!isMap(written)) {
    errors.push(`${key} must be a map of ${known.join(', ')}, got ${JSON.stringify(written)}`)
    return {}
  }
  for (const name of Object.keys(written)) {
    if (!known.includes(name)) errors.push(`${key}.${name} has no meaning: ${key} holds ${known.join(', ')}`)
  }
  return written
}

function listIn(key: string, written: unknown, errors: string[]): readonly unknown[] {
  if (written === undefined || written === null) return []
  if (Array.isArray(written)) return written
  errors.push(`${key} must be a list, got ${JSON.stringify(written)}`)
  return []
}

function textIn(key: string, written: unknown, errors: string[]): string | undefined {
  if (written === undefined || written === null || typeof written === 'string') return written ?? undefined
  errors.push(`${key} must be text, got ${JSON.stringify(written)}`)
  return undefined
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
