/** Which kinds of evidence a done needs, as a project's configuration says. */
import { ANY_KINDS, exampleOf, type AnyKind } from './forms.ts'

/** Every entry is to be met, by one of its kinds. */
export type Requirement = readonly (readonly AnyKind[])[]

/** How one writes it. */
export const REQUIREMENT_FORM = `a list such as ["commit|attest", "cmd"], of ${ANY_KINDS.join(', ')}`

/** Undefined when it is no list, or names a kind that there is not. */
export function readRequirement(value: unknown): Requirement | undefined {
  if (!Array.isArray(value)) return undefined
  const entries = value.map((entry: unknown) => kindsIn(entry))
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

function kindsIn(entry: unknown): readonly AnyKind[] | undefined {
  const words = typeof entry === 'string' ? entry.split('|').map((word) => word.trim()) : ['']
  const kinds = words.flatMap((word) => ANY_KINDS.find((kind) => kind === word) ?? [])
  return kinds.length === words.length ? kinds : undefined
}

export interface Shortfall {
  readonly message: string
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Undefined when these kinds meet every entry; else what is missing, and the ways to give it. */
export function shortfallOf(required: Requirement, given: readonly AnyKind[]): Shortfall | undefined {
  const missing = required.filter((entry) => !entry.some((kind) => given.includes(kind)))
  if (missing.length === 0) return undefined
  return {
    message: `evidence is missing: ${missing.map((entry) => entry.join(' or ')).join('; ')}`,
    hint: `add ${missing.map(wayTo).join(' and ')}, as evidence.required of config/tkt.yaml asks; --evidence can be repeated`,
    details: { missing: missing.map((entry) => entry.join('|')), given: [...new Set(given)] },
  }
}

const wayTo = (entry: readonly AnyKind[]): string =>
  `--evidence ${entry.map((kind) => `"${exampleOf(kind)}"`).join(' or ')}`
