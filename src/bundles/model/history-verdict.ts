/** Whether a history is as it was written: every line with a hash unchanged, and none of those before it gone. */
import { HASH, hashOf, linesOf, linkOf, type Link } from './history-chain.ts'
import { parseEvent } from './history-event.ts'

export interface HistoryProblem {
  /** Counted from 1; absent when it is about a line that is not there. */
  readonly line?: number
  /**
   * changed: it does not fit its hash. missing: a later line, or a ticket, tells of one that is not there. repeated: it
   * stands there twice. torn: half a line. unchained: a whole line without a hash behind one that has one.
   */
  readonly kind: 'changed' | 'missing' | 'repeated' | 'torn' | 'unchained'
  readonly says: string
}

export interface HistoryVerdict {
  readonly lines: number
  readonly chained: number
  /** Lines without a hash: of the time before there were hashes, of another tool, or cut off. */
  readonly unchained: number
  /** Lines that name several before them: where processes wrote at once, or branches were merged. */
  readonly joins: number
  /** Lines with a hash that none names: the last one, and those of branches until something is written after their merge. */
  readonly open_ends: number
  readonly problems: readonly HistoryProblem[]
}

interface Line {
  readonly number: number
  readonly text: string
  readonly link: Link | undefined
  /** By which a later line names it. */
  readonly hash: string
  /** Whether it fits its hash. */
  readonly isWhole: boolean
  /** Half a line, with a whole one behind it: who wrote that one wrote it again below. */
  readonly isGlued: boolean
}

/** Judges a whole log by itself. What was cut off at its end is seen by judgeTold only. */
export function judgeHistory(log: string): HistoryVerdict {
  const lines = linesOf(log).flatMap((text, index): readonly Line[] => {
    const found = linkOf(text)
    const isWhole = found !== undefined && fits(found)
    const isGlued = found !== undefined && !isWhole && endsInWholeLine(text)
    const link = isGlued ? undefined : found
    const line = { number: index + 1, text, link, hash: link?.hash ?? hashOf(text), isWhole, isGlued }
    return text === '' ? [] : [line]
  })
  const links = lines.flatMap(({ link }) => link ?? [])
  const named = new Set(links.flatMap(({ prev }) => prev))
  const places = new Map(lines.toReversed().map(({ hash, number }) => [hash, number]))
  const begin = lines.find(({ text }) => isMarked(text))?.number ?? Infinity
  const cutOff = log.endsWith('\n') ? undefined : lines.at(-1)
  const judge = (line: Line): readonly HistoryProblem[] => {
    if (line.link !== undefined) return judgeLinked(line, line.link, places)
    if (line.isGlued)
      return [{ line: line.number, kind: 'torn', says: 'is cut off by a crash; the rest stands below again' }]
    // What a later line names was there, as it is, when that one was written.
    const isExcused = line.number < begin || named.has(line.hash)
    return judgeUnlinked(line, isExcused, line === cutOff)
  }
  return {
    lines: lines.length,
    chained: links.length,
    unchained: lines.length - links.length,
    joins: links.filter(({ prev }) => prev.length > 1).length,
    open_ends: new Set(links.flatMap(({ hash }) => (named.has(hash) ? [] : hash))).size,
    problems: lines.flatMap(judge),
  }
}

function judgeLinked(
  { number, hash, isWhole }: Line,
  { prev }: Link,
  places: ReadonlyMap<string, number>,
): readonly HistoryProblem[] {
  const problem = (kind: HistoryProblem['kind'], says: string) => [{ line: number, kind, says }]
  if (!isWhole) return problem('changed', 'was changed: it does not fit its hash')
  const place = places.get(hash)
  if (place !== undefined && place < number) return problem('repeated', `stands on line ${place} already`)
  const gone = prev.filter((name) => !places.has(name))
  if (gone.length === 0) return []
  return problem(
    'missing',
    `names what is not there, so it was removed or changed: ${gone.slice(0, 5).join(', ')}`,
  )
}

function judgeUnlinked(
  { number, text }: Line,
  isExcused: boolean,
  isCutOff: boolean,
): readonly HistoryProblem[] {
  const problem = (kind: HistoryProblem['kind'], says: string) => [{ line: number, kind, says }]
  if (isMarked(text) && !isBeginning(text)) return problem('changed', 'was changed: its hash is damaged')
  if (isExcused) return []
  if (isCutOff || isMarked(text) || parseEvent(text) === undefined)
    return problem('torn', 'is cut off, as a crash leaves it: what it tells of was not answered')
  return problem('unchained', 'has no hash, though lines before it have: by hand, or by another tool')
}

const fits = ({ body, hash }: Link): boolean => hashOf(body) === hash

function endsInWholeLine(text: string): boolean {
  const begins = [...text.matchAll(/\[\d{4}-/g)].map(({ index }) => index).filter((index) => index > 0)
  return begins.some((index) => {
    const rest = linkOf(text.slice(index))
    return rest !== undefined && fits(rest)
  })
}

/** Whether it has, or had, what makes it part of the chain. */
const isMarked = (text: string): boolean => MARKS.test(text)
const MARKS = / prev=(?:none|[0-9a-f]{16})| hash=[0-9a-f]{16}$/

/** Whether a line of the chain may begin like this. */
function isBeginning(text: string): boolean {
  const [, body, rest = ''] = /^(.* prev=[0-9a-z,]*)(.*)$/su.exec(text) ?? []
  return body !== undefined && `${HASH}${hashOf(body)}`.startsWith(rest)
}
