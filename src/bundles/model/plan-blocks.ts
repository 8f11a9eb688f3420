/** Groups the lines of a plan into blocks: one ticket line and what stands below it. */
import type { HeadingLine, PlanLine, TextLine } from './plan-lines.ts'

/** One ticket of a plan before its words are read. */
export interface PlanBlock {
  readonly kind: 'checkbox' | 'heading'
  readonly line: number
  readonly written: string
  readonly checked: boolean
  /** The place among all blocks of the plan, open and checked, from 1. */
  readonly position: number
  readonly wave: number | undefined
  readonly below: readonly TextLine[]
}

/**
 * Every checkbox is a block; in a plan without any, every telling heading below level 1 is. What stands below belongs to
 * it until the next one, a heading of level 1 or 2, or one that names a wave (contracts: filesystem section 9).
 */
export function collectBlocks(lines: readonly PlanLine[]): readonly PlanBlock[] {
  const kind = lines.some((line) => line.kind === 'checkbox') ? 'checkbox' : 'heading'
  const blocks: PlanBlock[] = []
  let below: TextLine[] = []
  let wave: number | undefined
  for (const line of lines) {
    if (line.kind === 'text') {
      below.push(line)
      continue
    }
    if (line.kind === 'heading') {
      const named = waveIn(line)
      wave = named ?? wave
      if (kind === 'checkbox' && line.level > 2 && named === undefined) continue
    }
    below = []
    if (line.kind !== kind || (line.kind === 'heading' && !isTicketHeading(line))) continue
    const checked = line.kind === 'checkbox' && line.checked
    blocks.push({
      kind,
      line: line.number,
      written: line.text,
      checked,
      position: blocks.length + 1,
      wave,
      below,
    })
  }
  return blocks
}

/** A heading that names a wave sets it for all tickets that follow. */
function waveIn({ text }: HeadingLine): number | undefined {
  const number = /\bwave\s+(\d{1,9})\b/i.exec(text)?.[1]
  return number === undefined ? undefined : Number(number)
}

const preamble = /\b(?:goals?|context|notes?|summary|references?)\b/i
const bareWave = /^wave\s+\d+\W*$/i

function isTicketHeading({ text, level }: HeadingLine): boolean {
  return level >= 2 && !preamble.test(text) && !bareWave.test(text)
}
