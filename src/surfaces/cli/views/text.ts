/** Text on a terminal, measured in columns as cli-table3 measures it: wide letters and emoji take two. */
import stringWidth from 'string-width'
import { drawable } from './drawable.ts'

/** Below this nothing can be laid out; such a terminal breaks the lines itself. */
export const NARROWEST_TERMINAL = 40

/** At most `width` columns of a line; what is cut off leaves a `…`. Never cuts through a letter or an emoji. */
export function cut(line: string, width: number): string {
  if (stringWidth(line) <= width) return line
  let kept = ''
  let columns = 1
  for (const { segment } of LETTERS.segment(line)) {
    columns += stringWidth(segment)
    if (columns > width) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Lines of at most `width` columns, broken between words; a word that is wider is broken where it must be. */
export function wrap(text: string, width: number): readonly string[] {
  return filled(
    text.split(' ').flatMap((long) => pieces(long, width)),
    width,
  )
}

/** As many words on every line as fit. */
function filled(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    if (stringWidth(longer) <= width) line = longer
    else {
      if (line !== '') lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** A command that one can still copy: broken between options, each line but the last ending in a backslash. */
export function wrapCommand(command: string, width: number): readonly string[] {
  if (stringWidth(command) <= width) return [command]
  const room = width - INDENT.length - BACKSLASH.length
  const parts = command.match(OPTION_OR_WORD) ?? []
  const lines = filled(
    parts.flatMap((part) => wrap(part, room)),
    room,
  )
  return lines.map(
    (line, index) => `${index === 0 ? '' : INDENT}${line}${index === lines.length - 1 ? '' : BACKSLASH}`,
  )
}

const INDENT = '    '
const BACKSLASH = ' \\'
/** An option with its value, or a word; quoted text is one word. */
const OPTION_OR_WORD = /(?:--[\w-]+ (?!-))?(?:"[^"]*"|'[^']*'|[^\s"'])+/g

/** The first lines of a wrapped text; when there is more, the last one ends in `…`. */
export function wrapAtMost(text: string, width: number, most: number): readonly string[] {
  const lines = wrap(text, width)
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(' '), width)]
}

/** One line of any value, harmless on a terminal. */
export function flat(value: unknown): string {
  if (value === null || value === undefined) return ''
  return drawable(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Filled up with spaces to `width` columns. */
export const padded = (line: string, width: number): string =>
  line + ' '.repeat(Math.max(0, width - stringWidth(line)))

const LETTERS = new Intl.Segmenter()

function pieces(word: string, width: number): readonly string[] {
  if (stringWidth(word) <= width) return [word]
  const parts: string[] = ['']
  for (const { segment } of LETTERS.segment(word)) {
    const last = `${parts.at(-1) ?? ''}${segment}`
    if (stringWidth(last) <= width) parts[parts.length - 1] = last
    else parts.push(segment)
  }
  return parts
}
