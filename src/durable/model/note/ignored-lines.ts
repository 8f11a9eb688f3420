/** The lines of a note that made no difference, told to the person who wrote them. */
import type { NoteLine } from './lines.ts'
import type { Section } from './sections.ts'
import { isNothing } from './words.ts'

export interface IgnoredLine {
  readonly line: number
  readonly text: string
  readonly why: Why
}

/**
 * `done`: a checked box, or below one; `placeholder`: from a template; `no_section`: below no heading that is read;
 * `no_key`: in a ticket, but below none of its keys; `unknown_key`; `bad_value`; `repeated`: said before, and that counts;
 * `no_text`: a label alone; `fence`, `comment`.
 */
export type Why =
  | 'done'
  | 'placeholder'
  | 'no_section'
  | 'no_key'
  | 'unknown_key'
  | 'bad_value'
  | 'repeated'
  | 'no_text'
  | 'fence'
  | 'comment'

export function ignore({ number, written }: NoteLine, why: Why): IgnoredLine {
  return { line: number, text: written, why }
}

/** All lines that say anything, for one reason but for fences and comments. */
export function ignoreAll(lines: readonly NoteLine[], why: Why): readonly IgnoredLine[] {
  return lines.flatMap((line) => {
    if (line.kind === 'rule' || (line.kind === 'entry' && isNothing(line.text))) return []
    return [ignore(line, line.kind === 'heading' || line.kind === 'entry' ? why : line.kind)]
  })
}

/** All of a section, its heading too. */
export function ignoreSection({ heading, lines }: Section, why: Why): readonly IgnoredLine[] {
  return ignoreAll(heading === undefined ? lines : [heading, ...lines], why)
}

export interface IgnoredLines {
  /** The first ones, by their place in the note, each cut short. */
  readonly ignored_lines: readonly IgnoredLine[]
  readonly ignored_count: number
}

export function boundIgnored(all: readonly IgnoredLine[]): IgnoredLines {
  const first = all.toSorted((one, other) => one.line - other.line).slice(0, MOST_LINES)
  const ignored_lines = first.map((ignored) => ({ ...ignored, text: ignored.text.slice(0, LONGEST_TEXT) }))
  return { ignored_lines, ignored_count: all.length }
}

const MOST_LINES = 50
const LONGEST_TEXT = 120
