/** Turns the dependency words of a plan into ticket ids, and names what does not add up. */
import { splitList } from './plan-list.ts'

/** A ticket as far as dependencies go; its place in the list is its number. */
export interface DependentTicket {
  readonly line: number
  readonly title: string
  readonly phrases: readonly string[]
}

export interface TicketDependencies {
  readonly depends_on: readonly string[]
  readonly unresolved: readonly string[]
}

/** Resolves every phrase to ids. Ids nobody has, and circles, are kept and warned about; prose is left out and warned about. */
export function resolveDependencies(
  tickets: readonly DependentTicket[],
  doneTitles: readonly string[],
): { readonly dependencies: readonly TicketDependencies[]; readonly warnings: readonly string[] } {
  if (tickets.every(({ phrases }) => phrases.length === 0))
    return { dependencies: tickets.map(() => NONE), warnings: [] }
  const targets = new Map<string, Target>(doneTitles.map((title) => [comparable(title), 'done']))
  // Backwards, so that the first of two tickets with one title is the one meant.
  for (const [index, { title }] of [...tickets.entries()].reverse()) targets.set(comparable(title), index + 1)
  const resolved = tickets.map((ticket) => ({ ticket, found: resolveTicket(ticket, targets) }))
  const warnings = resolved.flatMap(({ ticket, found }, index) =>
    warningsFor(ticket, index + 1, found, tickets.length),
  )
  const dependencies = resolved.map(({ found: { numbers, unresolved } }) => {
    return { depends_on: numbers.map(ticketId), unresolved }
  })
  return { dependencies, warnings: [...warnings, ...cycleWarnings(dependencies)] }
}

const NONE: TicketDependencies = { depends_on: [], unresolved: [] }

/** The id a ticket gets when the open tickets of the plan are added in order. */
function ticketId(number: number): string {
  return `TKT-${String(number).padStart(3, '0')}`
}

/** A ticket number, or something that needs no waiting for. */
type Target = number | 'done'

interface Found {
  readonly numbers: readonly number[]
  readonly unresolved: readonly string[]
}

function resolveTicket(ticket: DependentTicket, targets: ReadonlyMap<string, Target>): Found {
  const numbers = new Set<number>()
  const unresolved: string[] = []
  for (const part of ticket.phrases.flatMap((phrase) => partsOf(phrase, targets))) {
    const target = resolvePart(part, targets)
    if (target === undefined) unresolved.push(part)
    else if (target !== 'done') numbers.add(target)
  }
  return { numbers: [...numbers], unresolved }
}

/** A title may itself hold a comma or an "and": what resolves as a whole is not split. */
function partsOf(phrase: string, targets: ReadonlyMap<string, Target>): readonly string[] {
  if (resolvePart(phrase, targets) !== undefined) return [phrase]
  return splitList(phrase, ',').flatMap((part) => {
    if (resolvePart(part, targets) !== undefined) return [part]
    const pieces = ` ${part} `.split(/\sand\s/i).map((piece) => piece.trim())
    return pieces.filter((piece) => piece !== '')
  })
}

function resolvePart(part: string, targets: ReadonlyMap<string, Target>): Target | undefined {
  const text = comparable(part)
  const number = /^(?:tkt |ticket )?(\d{1,9})$/.exec(text)?.[1]
  if (number !== undefined) return Number(number)
  return targets.get(text) ?? (text === 'none' ? 'done' : undefined)
}

/** Lower case, punctuation as single spaces: "TKT-001", `#3` and a title in backticks all lose their dress. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

function warningsFor(ticket: DependentTicket, own: number, found: Found, count: number): readonly string[] {
  const says = (text: string) => `line ${ticket.line}: ${text}`
  const beyond = found.numbers.filter((number) => number < 1 || number > count)
  return [
    ...found.unresolved.map((text) =>
      says(`"${text.slice(0, 120)}" names no ticket of this plan; left out of depends_on`),
    ),
    ...beyond.map((number) =>
      says(`${ticketId(number)} is not among the ${count} open tickets of this plan`),
    ),
    ...(found.numbers.includes(own) ? [says(`${ticketId(own)} depends on itself`)] : []),
  ]
}

const mostCycles = 10

/** Walks depth first without recursion (a chain may be thousands long); a way back into the path is a cycle. */
function cycleWarnings(dependencies: readonly TicketDependencies[]): readonly string[] {
  const edges = new Map(dependencies.map(({ depends_on }, index) => [ticketId(index + 1), depends_on]))
  const cycles: string[] = []
  const path: { readonly id: string; readonly rest: Iterator<string> }[] = []
  const onPath = new Set<string>()
  const seen = new Set<string>()
  const enter = (id: string) => {
    path.push({ id, rest: (edges.get(id) ?? []).values() })
    onPath.add(id)
    seen.add(id)
  }
  for (const start of edges.keys()) {
    if (!seen.has(start)) enter(start)
    for (let step = path.at(-1); step !== undefined && cycles.length < mostCycles; step = path.at(-1)) {
      const next = step.rest.next()
      if (next.done === true) {
        path.pop()
        onPath.delete(step.id)
      } else if (!seen.has(next.value)) enter(next.value)
      else if (next.value !== step.id && onPath.has(next.value))
        cycles.push(cycleText([...onPath], next.value))
    }
  }
  return cycles
}

function cycleText(path: readonly string[], back: string): string {
  return `dependency cycle: ${[...path.slice(path.indexOf(back)), back].join(' -> ')}`
}
