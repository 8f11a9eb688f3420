/** Sorts the lines of a markdown plan: checkboxes, headings and text, with code fences read as text. */

export type PlanLine = CheckboxLine | HeadingLine | TextLine

/** `- [ ] text` or `- [x] text`, also after a `+`, at any indent; as published, not after a `*` or a number. */
export interface CheckboxLine {
  readonly kind: 'checkbox'
  readonly number: number
  readonly checked: boolean
  readonly text: string
}

export interface HeadingLine {
  readonly kind: 'heading'
  readonly number: number
  readonly level: number
  readonly text: string
}

/** Anything else. A fenced line is never read as metadata and counts as indented when its fence is. */
export interface TextLine {
  readonly kind: 'text'
  readonly number: number
  readonly raw: string
  readonly indented: boolean
  readonly fenced: boolean
}

interface Fence {
  readonly marker: string
  readonly number: number
  readonly indented: boolean
}

/** Splits a plan into lines; a byte order mark and Windows line ends leave no trace. */
export function splitLines(markdown: string): readonly string[] {
  return markdown.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
}

/** Sorts lines; `openFence` is the line of a code fence that is never closed. Lines are numbered from 1. */
export function sortLines(lines: readonly string[]): {
  readonly lines: readonly PlanLine[]
  readonly openFence: number | undefined
} {
  const sorted: PlanLine[] = []
  let fence: Fence | undefined
  for (const [index, raw] of lines.entries()) {
    const number = index + 1
    const current: Fence | undefined = fence ?? readFence(raw, number)
    if (current === undefined) {
      sorted.push(sortLine(raw, number))
      continue
    }
    sorted.push({ kind: 'text', number, raw, indented: current.indented, fenced: true })
    fence = fence !== undefined && closesFence(raw, fence) ? undefined : current
  }
  return { lines: sorted, openFence: fence?.number }
}

function readFence(raw: string, number: number): Fence | undefined {
  const match = /^[ \t]*(`{3,}|~{3,})/.exec(raw)
  const marker = match?.[1]
  if (match === null || marker === undefined) return undefined
  // A backtick later in the line makes it inline code, not a fence.
  if (marker.startsWith('`') && raw.includes('`', match[0].length)) return undefined
  return { marker, number, indented: isIndented(raw) }
}

function closesFence(raw: string, fence: Fence): boolean {
  const text = raw.trim()
  const character = fence.marker.charAt(0)
  return text.length >= fence.marker.length && text === character.repeat(text.length)
}

function sortLine(raw: string, number: number): PlanLine {
  const checkbox = /^[ \t]*[-+][ \t]+\[([ xX])\](?:[ \t](.*))?$/s.exec(raw)
  if (checkbox !== null) {
    return { kind: 'checkbox', number, checked: checkbox[1] !== ' ', text: (checkbox[2] ?? '').trim() }
  }
  const heading = /^ {0,3}(#{1,6})(?:[ \t](.*))?$/s.exec(raw)
  if (heading !== null) {
    return { kind: 'heading', number, level: heading[1]?.length ?? 1, text: (heading[2] ?? '').trim() }
  }
  return { kind: 'text', number, raw, indented: isIndented(raw), fenced: false }
}

function isIndented(raw: string): boolean {
  return /^[ \t]/.test(raw)
}
