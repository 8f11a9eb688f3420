/** Reads the bullets of a plan that are no tickets. */
import type { PlanLine, TextLine } from './plan-lines.ts'

export interface Bullet {
  readonly indent: number
  readonly isNumbered: boolean
  readonly text: string
}

/** Reads `- text`, `* text`, `+ text`, `1. text` or `1) text`; a line in a code fence is none. */
export function readBullet({ raw, fenced }: TextLine): Bullet | undefined {
  const match = fenced ? null : /^[ \t]*(?:[-*+]|(\d{1,9}[.)]))(?:[ \t]|$)/.exec(raw)
  if (match === null) return undefined
  return {
    indent: indentOf(raw),
    isNumbered: match[1] !== undefined,
    text: raw.slice(match[0].length).trim(),
  }
}

/** The column where the text of a line starts; a tab reaches to the next multiple of four. */
export function indentOf(raw: string): number {
  let column = 0
  for (const character of raw) {
    if (character === '\t') column += 4 - (column % 4)
    else if (character === ' ') column += 1
    else break
  }
  return column
}

/** True for `* [ ] text` and `1. [ ] text`: as published, these are checkboxes that are no tickets. */
export function isStrayBox({ text }: Bullet): boolean {
  return /^\[[ xX]\](?:\s|$)/.test(text)
}

const mostNumbers = 10

/** One warning for all of them: each line its own would crowd out every other warning. */
export function warnOfStrayBoxes(lines: readonly PlanLine[]): readonly string[] {
  const numbers = lines.filter(holdsStrayBox).map(({ number }) => number)
  if (numbers.length === 0) return []
  const named = numbers.slice(0, mostNumbers).join(', ')
  const rest = numbers.length > mostNumbers ? ` and ${numbers.length - mostNumbers} more` : ''
  return [
    `line${numbers.length > 1 ? 's' : ''} ${named}${rest}: a checkbox after "*" or a number starts no ticket, ` +
      'and what is below it belongs to the ticket above; write "- [ ]" instead',
  ]
}

function holdsStrayBox(line: PlanLine): boolean {
  const bullet = line.kind === 'text' ? readBullet(line) : undefined
  return bullet !== undefined && isStrayBox(bullet)
}
