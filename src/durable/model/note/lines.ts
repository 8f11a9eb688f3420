/** Sorts the lines of a note: headings, entries, and what stands in code fences and comments. */

export type NoteLine = HeadingLine | EntryLine | OtherLine

interface Line {
  /** From 1. */
  readonly number: number
  /** Without the blanks around it; never empty. */
  readonly written: string
}

export interface HeadingLine extends Line {
  readonly kind: 'heading'
  readonly level: number
  readonly text: string
}

/** A bullet, with the text behind its marker, or a plain line. */
export interface EntryLine extends Line {
  readonly kind: 'entry'
  /** The column where the line starts; a tab reaches to the next multiple of four. */
  readonly indent: number
  readonly isBullet: boolean
  readonly text: string
}

/** `rule`: a bullet without text, or a line that is only drawn. */
export interface OtherLine extends Line {
  readonly kind: 'fence' | 'comment' | 'rule'
}

/**
 * The lines of any text but blank ones; a byte order mark and Windows line ends leave no trace. A fence or a comment that is
 * never closed is an ordinary line, so that it hides nothing.
 */
export function readLines(text: string): readonly NoteLine[] {
  const raws = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  const closers = lastClosers(raws)
  const lines: NoteLine[] = []
  let open: Quote | undefined
  for (const [index, raw] of raws.entries()) {
    const written = raw.trim()
    if (written === '') continue
    const number = index + 1
    const quote = open ?? quoteAt(written, index, closers)
    if (quote === undefined) {
      lines.push(sortLine(raw, written, number))
      continue
    }
    lines.push({ kind: quote.kind, number, written })
    const mayEnd = open !== undefined || quote.kind === 'comment'
    open = mayEnd && closes(written, quote) ? undefined : quote
  }
  return lines
}

interface Quote {
  readonly kind: 'fence' | 'comment'
  readonly marker: string
}

/** The last line that could close each kind of quote. */
function lastClosers(raws: readonly string[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const [index, raw] of raws.entries()) {
    if (raw.includes(COMMENT_END)) last.set(COMMENT_END, index)
    const fence = /^\s*(`{3,20}|~{3,20})\s*$/.exec(raw)?.[1] ?? ''
    for (let length = 3; length <= fence.length; length += 1) last.set(fence.slice(0, length), index)
  }
  return last
}

const COMMENT_END = '-->'

function quoteAt(written: string, index: number, closers: ReadonlyMap<string, number>): Quote | undefined {
  if (written.startsWith('<!--'))
    return (closers.get(COMMENT_END) ?? -1) < index ? undefined : { kind: 'comment', marker: COMMENT_END }
  const marker = /^(?:`{3,20}|~{3,20})/.exec(written)?.[0]
  if (marker === undefined || (closers.get(marker) ?? -1) <= index) return undefined
  // A backtick later in the line makes it inline code.
  if (marker.startsWith('`') && written.includes('`', marker.length)) return undefined
  return { kind: 'fence', marker }
}

function closes(written: string, { kind, marker }: Quote): boolean {
  if (kind === 'comment') return written.includes(marker)
  return written.startsWith(marker) && written === marker.charAt(0).repeat(written.length)
}

function sortLine(raw: string, written: string, number: number): NoteLine {
  const marks = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(raw)?.[1]
  if (marks !== undefined) {
    const text = written.slice(marks.length).trim()
    return { kind: 'heading', number, written, level: marks.length, text }
  }
  // A hyphen without a blank behind it made a bullet in the published program too.
  const marker = /^(?:(?:[-*+•]|\d{1,9}[.)])(?=\s|$)|-(?=[\p{L}[]))/u.exec(written)?.[0]
  const text = written.slice(marker?.length ?? 0).trim()
  if (text === '' || /^(?:-+|\*+|_+|=+)$/.test(written)) return { kind: 'rule', number, written }
  return { kind: 'entry', number, written, indent: indentOf(raw), isBullet: marker !== undefined, text }
}

function indentOf(raw: string): number {
  let column = 0
  for (const character of raw) {
    if (character === '\t') column += 4 - (column % 4)
    else if (/\s/.test(character)) column += 1
    else break
  }
  return column
}
