/** Who worked on what and when, as a Mermaid gantt chart. */
import { roleOf } from './ids.ts'
import { mermaidText } from './mermaid-text.ts'
import type { Ticket } from './ticket.ts'
import { workSpans, type WorkSpan } from './work-spans.ts'

/** A bar for every time that a ticket was in hand, or one a wave when those are many; undefined when nothing was claimed. */
export function timelineOf(tickets: readonly Ticket[]): string | undefined {
  const sections = sectionsOf(tickets)
  const spans = sections.flatMap(({ bars }) => bars.map(({ span }) => span))
  if (spans.length === 0) return undefined
  const lines =
    spans.length <= MOST_BARS
      ? sections.flatMap(({ title, bars }) => [`  section ${title}`, ...bars.map(lineOf)])
      : ['  section Waves', ...sections.slice(0, MOST_BARS).map(summaryOf)]
  return ['gantt', '  dateFormat YYYY-MM-DD HH:mm:ss', `  axisFormat ${axisOf(spans)}`, ...lines].join('\n')
}

/** More cannot be told apart, and code hosts draw no diagram of more than 50,000 characters. */
const MOST_BARS = 100
const LONGEST_LABEL = 40

interface Bar {
  readonly label: string
  readonly span: WorkSpan
}

interface Section {
  readonly title: string
  readonly bars: readonly Bar[]
}

/** TKT-000, then the waves, then the audit; those that nobody worked in are left out. */
function sectionsOf(tickets: readonly Ticket[]): readonly Section[] {
  const titles = new Map(tickets.toSorted(byWave).map((ticket) => [titleOf(ticket), [] as Bar[]]))
  for (const ticket of tickets)
    for (const span of workSpans(ticket)) titles.get(titleOf(ticket))?.push({ label: labelOf(ticket), span })
  return [...titles].flatMap(([title, bars]) => (bars.length === 0 ? [] : [{ title, bars }]))
}

function titleOf({ id, wave }: Ticket): string {
  const role = roleOf(id)
  if (role === 'main') return 'Integration'
  if (role === 'audit') return 'Audit'
  return wave === undefined ? 'Work' : `Wave ${wave}`
}

const byWave = (one: Ticket, other: Ticket): number => rankOf(one) - rankOf(other)

const rankOf = ({ id, wave }: Ticket): number =>
  ({ main: -1, worker: wave ?? 0, audit: Number.MAX_SAFE_INTEGER })[roleOf(id)]

const labelOf = ({ id, title }: Ticket): string => `${id} ${mermaidText(title, LONGEST_LABEL)}`

function lineOf({ label, span }: Bar): string {
  const who = span.agent === undefined ? '' : ` - ${mermaidText(span.agent, LONGEST_LABEL)}`
  return `  ${label}${who} :${TAGS[span.ended] ?? 'active'}, ${timeOf(span.from_ms)}, ${timeOf(endOf(span))}`
}

const TAGS: Readonly<Record<string, string>> = { done: 'done', failed: 'crit' }

/** From the first claim of a wave to its last result. */
function summaryOf({ title, bars }: Section): string {
  const from = bars.reduce((least, { span }) => Math.min(least, span.from_ms), Infinity)
  const to = bars.reduce((most, { span }) => Math.max(most, endOf(span)), 0)
  return `  ${title}, ${bars.length} ${bars.length === 1 ? 'claim' : 'claims'} :done, ${timeOf(from)}, ${timeOf(to)}`
}

/** A bar of no length is not drawn. */
const endOf = ({ from_ms, to_ms }: WorkSpan): number => Math.max(to_ms, from_ms + 1000)

const timeOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 19).replace('T', ' ')

function axisOf(spans: readonly WorkSpan[]): string {
  const from = spans.reduce((least, { from_ms }) => Math.min(least, from_ms), Infinity)
  const days = (spans.reduce((most, span) => Math.max(most, endOf(span)), 0) - from) / DAY_MS
  if (days > 10) return '%Y-%m-%d'
  if (days > 1) return '%m-%d %H:%M'
  return days > QUARTER_HOUR ? '%H:%M' : '%H:%M:%S' // of a few minutes all marks would say the same
}

const QUARTER_HOUR = 1 / 96

const DAY_MS = 86_400_000
