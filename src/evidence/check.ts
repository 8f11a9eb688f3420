/** Carries out the checks of evidence: when it is given, and again for those who doubt it. */
import type { Item } from './forms.ts'
import { LOOKS, type EvidencePlace, type Finding } from './looks.ts'
import type { EvidenceCheck } from './record.ts'

/**
 * Checks every item, commands last and one after the other; what came of them stands in the order given. With
 * `untilFailure` no command is run once something has failed.
 */
export async function checkEvidence(
  items: readonly Item[],
  place: EvidencePlace,
  request: { readonly now: string; readonly untilFailure: boolean },
): Promise<readonly EvidenceCheck[]> {
  const checks = new Map<Item, EvidenceCheck>()
  for (const item of [...items.filter(isQuick), ...items.filter((one) => !isQuick(one))]) {
    const isLost = [...checks.values()].some(({ status }) => status === 'failed')
    if (isLost && request.untilFailure && !isQuick(item)) break
    checks.set(item, asRecord(item, await look(item, place), request.now))
  }
  return items.flatMap((item) => checks.get(item) ?? [])
}

const isQuick = ({ kind }: Item): boolean => kind !== 'cmd'

/** Undefined for what cannot be checked from here. */
async function look({ kind, value }: Item, place: EvidencePlace): Promise<Finding | undefined> {
  if (LOOKS[kind] === undefined) return undefined
  return place.problem === undefined ? LOOKS[kind](value, place) : { ok: false, detail: place.problem }
}

function asRecord({ kind, value }: Item, finding: Finding | undefined, checked_at: string): EvidenceCheck {
  if (finding === undefined) return { kind, value, status: 'recorded', checked_at }
  const { ok, ...found } = finding
  return { kind, value, status: ok ? 'verified' : 'failed', checked_at, ...found }
}

export interface Recheck {
  readonly status: 'verified' | 'failed' | 'recorded'
  readonly detail?: string
}

/**
 * Tells of stored items whether they still are what they were; what is alike is looked at once. What failed when it was
 * given proves nothing and is told as recorded, save for a command that ended with a code: that it fails may be the very
 * proof, and so it must end with that code again.
 */
export function recheckerAt(place: EvidencePlace): (stored: EvidenceCheck) => Promise<Recheck> {
  const seen = new Map<string, Promise<Finding | undefined>>()
  return async (stored) => {
    const { kind, value, status, detail = 'it failed', sha, path, exit_code } = stored
    if (status === 'failed' && exit_code === undefined)
      return { status: 'recorded', detail: `when it was given, ${detail}` }
    const item = { kind, value: sha ?? path ?? value }
    const key = `${kind}:${item.value}`
    const finding = seen.get(key) ?? look(item, place)
    seen.set(key, finding)
    return compare(stored, await finding)
  }
}

function compare(stored: EvidenceCheck, found: Finding | undefined): Recheck {
  const { sha256, checked_at, exit_code = 0 } = stored
  if (found === undefined) return { status: 'recorded' }
  if (stored.kind === 'cmd') {
    const isSame = found.exit_code === exit_code
    return isSame
      ? { status: 'verified' }
      : no(`${found.detail ?? 'it ended with exit code 0'}, expected ${exit_code}`)
  }
  if (!found.ok) return no(found.detail)
  if (stored.kind !== 'file' || found.sha256 === sha256) return { status: 'verified' }
  return sha256 === undefined
    ? { status: 'recorded', detail: 'it is there, but its hash was not kept' }
    : no(`it was changed after ${checked_at}`)
}

const no = (detail = 'it failed'): Recheck => ({ status: 'failed', detail })
