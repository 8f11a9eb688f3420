/** One item of evidence as it is stored beside the evidence's own text: what was checked, when, and what was found. */
import { isKind, type Item } from './forms.ts'

export interface EvidenceCheck extends Item {
  /** `recorded`: nothing of it can be checked from here. */
  readonly status: 'verified' | 'recorded' | 'failed'
  /** When checking began. */
  readonly checked_at: string
  /** Why it failed. */
  readonly detail?: string
  /** Of a commit: its whole id, its subject, and the branch it is on. */
  readonly sha?: string
  readonly subject?: string
  readonly branch?: string
  /** Of a file: where it is in the folder looked at, with slashes. */
  readonly path?: string
  readonly sha256?: string
  readonly bytes?: number
  /** Of a command; no exit code when it did not end by itself. */
  readonly exit_code?: number
  readonly timed_out?: true
  readonly duration_ms?: number
  /** The last 1,000 characters that it printed, standard error last. */
  readonly output_tail?: string
}

/** Reads what a file holds; what is no item is left out, and so are facts of another type. */
export function readChecks(value: unknown): readonly EvidenceCheck[] {
  return (Array.isArray(value) ? value : []).flatMap((entry: unknown): EvidenceCheck[] => {
    const { kind, value, status, checked_at, ...facts } = (entry ?? {}) as Readonly<Record<string, unknown>>
    if (!isKind(kind) || typeof value !== 'string') return []
    return [
      {
        kind,
        value,
        status: status === 'verified' || status === 'failed' ? status : 'recorded',
        checked_at: typeof checked_at === 'string' ? checked_at : '',
        ...Object.fromEntries(Object.entries(facts).filter(([name, fact]) => typeof fact === FACTS[name])),
      },
    ]
  })
}

const FACTS: Readonly<Record<string, 'string' | 'number' | 'boolean'>> = {
  detail: 'string',
  sha: 'string',
  subject: 'string',
  branch: 'string',
  path: 'string',
  sha256: 'string',
  bytes: 'number',
  exit_code: 'number',
  timed_out: 'boolean',
  duration_ms: 'number',
  output_tail: 'string',
}
