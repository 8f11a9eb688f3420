/**
 * What makes history.log a chain: a line ends in `prev=<hashes> hash=<hash>`. The hash is of the text before it; `prev` names
 * all lines that none had named yet, so lines written at once, or on two branches, are joined by the next one.
 */
import { SHA256 } from '@stablelib/sha256'

/** How a line hangs in the chain: what it says, be it right or wrong. */
export interface Link {
  readonly hash: string
  readonly prev: readonly string[]
  /** What the hash is of. */
  readonly body: string
}

/** These lines as they go behind `tail`, the last lines of the log; each names the one before it. */
export function chained(texts: readonly string[], tail: string): readonly string[] {
  let open = openEnds(tail)
  return texts.map((text) => {
    const body = `${text}${PREV}${open.length === 0 ? NONE : open.join(',')}`
    const hash = hashOf(body)
    open = [hash]
    return `${body}${HASH}${hash}`
  })
}

/** Undefined for a line that another tool or a person wrote, or that a crash cut off. */
export function linkOf(line: string): Link | undefined {
  const body = line.slice(0, -SEAL_LENGTH)
  const at = body.lastIndexOf(PREV)
  if (at === -1 || !line.startsWith(HASH, body.length)) return undefined
  const prev = body.slice(at + PREV.length)
  return { hash: line.slice(-HASH_DIGITS), prev: prev === NONE ? [] : prev.split(','), body }
}

/** The first digits of SHA-256: as many as nobody hits by chance. */
export const hashOf = (text: string): string =>
  Buffer.from(sha256.reset().update(Buffer.from(text)).digest().buffer, 0, HASH_DIGITS / 2).toString('hex')

/** One for all lines, which need not each make one and wipe it. */
const sha256 = new SHA256()

/** The lines of a log; git may have given it the line ends of Windows. */
export const linesOf = (log: string): readonly string[] => log.replaceAll('\r\n', '\n').split('\n')

export const PREV = ' prev='
export const HASH = ' hash='
/** In place of a line before it, in the first line of all. */
const NONE = 'none'
const HASH_DIGITS = 16
const SEAL_LENGTH = HASH.length + HASH_DIGITS

/**
 * What no line of the tail names: a line is named if its hash stands anywhere behind it. Of lines without a hash only those
 * at the end are looked at, and only the last one where no chain has begun. Searches only, as it is code that runs cold.
 */
function openEnds(tail: string): readonly string[] {
  const open: string[] = []
  let chainEnd = 0
  for (let at = tail.indexOf(HASH); at !== -1; at = tail.indexOf(HASH, at + 1)) {
    const end = at + SEAL_LENGTH
    const hash = tail.slice(end - HASH_DIGITS, end)
    const isCut = hash.length < HASH_DIGITS || hash.includes('\n')
    if (isCut || !LINE_ENDS.includes(tail[end])) continue
    chainEnd = end
    if (!tail.includes(hash, end)) open.push(hash)
  }
  const unchained = linesOf(tail.slice(chainEnd)).filter((line) => line !== '')
  return [...open, ...(chainEnd === 0 ? unchained.slice(-1) : unchained).map(hashOf)]
}

const LINE_ENDS: readonly (string | undefined)[] = ['\n', '\r', undefined]
