/** The small words of a note: text that says nothing, `key: value`, lists in one line. */

/** True for what people write where there is nothing to write. */
export function isNothing(text: string): boolean {
  return /^(?:|<none>|\(none\)|none|n\/a|nothing|tbd|-+|–|—|…|\.{3})$/i.test(text)
}

/** True for `<what to write here>`, as it stands in a template. */
export function isPlaceholder(text: string): boolean {
  return /^<[^<>:@/]{1,80}>$/.test(text)
}

/** All of it in one line, with single blanks. */
export function oneLine(text: string): string {
  return text.split(/\s+/).join(' ').trim()
}

/** The first characters, none of them cut in two. */
export function startOf(text: string, count: number): string {
  return Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join('')
    .trim()
}

export interface Pair {
  /** In lower case and with underscores. */
  readonly name: string
  /** Empty when nothing stands behind the colon. */
  readonly value: string
  /** False for `Note: text` and `https://…`, which are pairs only if the name is a known one. */
  readonly isKey: boolean
}

export function readPair(text: string): Pair | undefined {
  const colon = text.slice(0, LONGEST_NAME + 1).indexOf(':')
  if (colon === -1) return undefined
  const written = text.slice(0, colon).trim()
  const value = text.slice(colon + 1)
  const isKey = /^[a-z][a-z0-9_-]*$/.test(written) && /^(?:\s|$)/.test(value)
  return { name: nameOf(written), value: value.trim(), isKey }
}

const LONGEST_NAME = 40

/** A name as keys are compared: `Required work` and `required_work` are one. */
export function nameOf(written: string): string {
  return written
    .toLowerCase()
    .split(/[\s_-]+/)
    .join('_')
}

/** `a, b; c` as its parts; commas in `{…}` do not count, as they are part of a glob, and backticks are taken off. */
export function splitList(text: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '{') depth += 1
    else if (character === '}') depth = Math.max(depth - 1, 0)
    else if (depth === 0 && (character === ',' || character === ';')) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map((part) => part.replaceAll('`', '').trim()).filter((part) => !isNothing(part))
}
