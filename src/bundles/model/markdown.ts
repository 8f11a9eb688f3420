/** Texts of people inside Markdown: shown as they are written, whatever they hold. */

/** A text as one line of a sentence, a list or a cell of a table. */
export const inline = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>|~&$]/g, '\\$&')
    .replace(/^[-+=#]|^(\d+)(?=[.)])/, (start, digits?: string) =>
      digits === undefined ? `\\${start}` : `${digits}\\`,
    )

/** A text of several lines, in a block that nothing in it can end. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${visible(text.replaceAll(/\r\n?/g, '\n'))}\n${fence}`
}

/** A part that people open when they want to read it. */
export const folded = (summary: string, ...blocks: readonly string[]): string =>
  [`<details>\n<summary>${html(summary)}</summary>`, ...blocks, '</details>'].join('\n\n')

/** A row of a table; its cells are Markdown already. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A table of such rows. */
export const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n')

/** As many parts as that many characters hold, joined; behind them how many were left out, and where they are. */
export function fitting(parts: readonly string[], most: number, separator = '\n'): string {
  let characters = 0
  const end = parts.findIndex((part) => (characters += part.length + separator.length) > most)
  if (end === -1) return parts.join(separator)
  return `${parts.slice(0, end).join(separator)}\n\n${parts.length - end} more: see review.yaml.`
}

/** At most so many characters; what is cut off leaves a `…`. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(HALF_AT_THE_END, '')}…`

/** The end of a text, which is where commands say what went wrong. */
export const tailOf = (text: string, most: number): string =>
  text.length <= most ? text : `…${text.slice(1 - most).replace(/^[\udc00-\udfff]/, '')}`

const HALF_AT_THE_END = /[\ud800-\udbff]$/

export const oneLine = (text: string): string =>
  text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()

/** Without characters that move the cursor or turn the line around. */
const visible = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, ' ')

const html = (text: string): string =>
  oneLine(text).replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
