/** Reads the charter of a REQUEST_BUNDLE: what a round is for, and the tickets that are asked for. */
import { ignore, ignoreAll, type IgnoredLine } from './ignored-lines.ts'
import type { EntryLine, NoteLine } from './lines.ts'
import type { Section } from './sections.ts'
import { isNothing, nameOf, readPair } from './words.ts'
import { readNumber } from './ticket-keys.ts'

export interface Charter {
  readonly requested_ticket_count: number | undefined
  /** One line each, in order. */
  readonly required_tickets: readonly string[]
  /** The other bullets, such as `round_goal: …`, as written. */
  readonly points: readonly string[]
}

/** Filled in place. */
interface Progress {
  readonly required: string[]
  readonly points: string[]
  count: number | undefined
  isInList: boolean
}

/** Reads the sections of the role `charter`. */
export function readCharter(sections: readonly Section[]): {
  readonly charter: Charter
  readonly ignored: readonly IgnoredLine[]
} {
  const progress: Progress = { required: [], points: [], count: undefined, isInList: false }
  const ignored = sections.flatMap(({ lines }) => {
    progress.isInList = false
    return lines.flatMap((line) => readLine(line, progress))
  })
  const { count, required, points } = progress
  return { charter: { requested_ticket_count: count, required_tickets: required, points }, ignored }
}

function readLine(line: NoteLine, progress: Progress): readonly IgnoredLine[] {
  const isWords = line.kind === 'entry' || line.kind === 'heading'
  if (isWords && nameOf(line.text.slice(0, 40).replace(/:$/, '')) === 'required_tickets') {
    progress.isInList = true
    return []
  }
  if (line.kind !== 'entry') return ignoreAll([line], 'no_section')
  const pair = readPair(line.text)
  if (pair?.name === 'requested_ticket_count') {
    progress.isInList = false
    const count = readNumber(pair.value)
    const isKept = count !== undefined && progress.count === undefined
    if (isKept) progress.count = count
    return isKept || isNothing(pair.value)
      ? []
      : [ignore(line, count === undefined ? 'bad_value' : 'repeated')]
  }
  return readPoint(line, progress)
}

function readPoint(line: EntryLine, { required, points, isInList }: Progress): readonly IgnoredLine[] {
  const list = isInList ? required : points
  if (isNothing(line.text)) return []
  if (line.isBullet) list.push(line.text)
  else if (line.indent > 0 && list.length > 0) list.push(`${list.pop() ?? ''} ${line.text}`)
  else return [ignore(line, 'no_key')]
  return []
}
