/**
 * The greatest numbers of ids that a cache remembers. To look through what it holds of a thousand tickets takes longer
 * than all else that gives a new one its id, so the numbers are kept beside it, and how far they were looked for.
 */
import { replaceFile } from '../../system/prepared-files.ts'
import { cacheFile } from './caches.ts'
import { scratchFolder, type StorePlace } from './layout.ts'
import { namesSince, readQuietly, type Looked } from './parse-cache.ts'

type Kind = 'TKT' | 'B' | 'EXP'
type Numbers = Readonly<Partial<Record<string, number>>>

/** The greatest number of an id of that kind in the cache of that name; 0 when there is none. */
export function greatestGiven(place: StorePlace, cache: string, kind: Kind): number {
  const path = cacheFile(place, cache)
  const kept = readKept(`${path}.numbers`)
  const [looked, names] = namesSince(path, kept.looked)
  const numbers = names.reduce(withNumber, kept.numbers)
  const since = looked.file === kept.looked.file ? kept.looked.bytes : 0
  if (looked.bytes - since > WORTH_KEEPING) keep(place, `${path}.numbers`, { looked, numbers })
  return numbers[kind] ?? 0
}

interface Kept {
  readonly looked: Looked
  readonly numbers: Numbers
}

/** More bytes than are looked through in the time that it takes to keep the numbers; estimated, not measured. */
const WORTH_KEEPING = 32_000

function readKept(path: string): Kept {
  const nothing = { looked: { file: '', bytes: 0 }, numbers: {} }
  try {
    return { ...nothing, ...(JSON.parse(readQuietly(path)) as Partial<Kept>) } // as it was written below
  } catch {
    return nothing // survived: all of the cache is looked through
  }
}

function keep(place: StorePlace, path: string, kept: Kept): void {
  try {
    replaceFile(scratchFolder(place), path, `${JSON.stringify(kept)}\n`, true)
  } catch {
    // survived: a read-only or a full disk; all of the cache is looked through next time
  }
}

function withNumber(numbers: Numbers, name: string): Numbers {
  const [, kind = '', digits] = /\b(TKT|B|EXP)-(\d{3,9})\b/.exec(name) ?? []
  const number = Number(digits ?? 0)
  return number > (numbers[kind] ?? 0) ? { ...numbers, [kind]: number } : numbers
}
