/** Cuts a note into sections, each with what it is read as; a section never runs into the next. */
import type { EntryLine, HeadingLine, NoteLine } from './lines.ts'
import { readTicketHeading } from './ticket-heading.ts'

export interface Section {
  readonly region: Region
  readonly role: Role
  /** Undefined for what stands before any heading. */
  readonly heading: HeadingLine | EntryLine | undefined
  readonly lines: readonly NoteLine[]
}

/** Where a section stands. `people`: known, and for people only. `none`: nobody knows it. */
export type Region = 'none' | 'people' | 'new' | TicketRegion

/** The regions where tickets stand. */
export type TicketRegion = 'batch' | 'inbox' | 'projection'

/** `ticket`: below `# TICKET`; `block`: below a heading that may be a ticket's; `unknown`: no such heading is read. */
export type Role = 'plain' | 'head' | 'ticket' | 'block' | 'charter' | 'unknown'

interface Name {
  readonly name: RegExp
  /** Undefined: the region the heading stands in, or else `batch`. */
  readonly region?: Region
  readonly role: Role
  /** A heading below this level that has no meaning of its own belongs to the section. */
  readonly keepsBelow: boolean
}

const NAMES: readonly Name[] = [
  { name: /^(?:prompt|user)$/, region: 'people', role: 'plain', keepsBelow: false },
  { name: /^(?:request|asking question.*)$/, region: 'people', role: 'plain', keepsBelow: true },
  { name: /^system managed ticket projection$/, region: 'projection', role: 'plain', keepsBelow: false },
  { name: /^ticket_batch$/, role: 'head', keepsBelow: false },
  { name: /^tickets$/, role: 'plain', keepsBelow: false },
  { name: /^ticket$/, role: 'ticket', keepsBelow: true },
]

/** The headings that a project may name as it likes. */
export interface Headings {
  /** Above the list of new tasks. */
  readonly added: string
  /** Above the review inbox. */
  readonly inbox: string
}

/** As published. */
export const HEADINGS: Headings = { added: 'New', inbox: 'Review Agent Inbox' }

/** Those go first, so that a project may call them as others are called. */
function rowNamed(name: string, { added, inbox }: Headings): Omit<Name, 'name'> | undefined {
  if (name === nameIn(added)) return { region: 'new', role: 'plain', keepsBelow: true }
  if (name === nameIn(inbox)) return { region: 'inbox', role: 'plain', keepsBelow: false }
  return NAMES.find((row) => row.name.test(name))
}

const nameIn = (heading: string): string => heading.slice(0, LONGEST_NAME).toLowerCase().replace(/:$/, '')

/** Below these the inbox is a REQUEST_BUNDLE; they may stand without the marks of a heading. */
const CHARTER = /^(?:request_bundle|round charter|requested ticket plan)$/

interface Draft extends Section {
  readonly lines: NoteLine[]
  readonly level: number
  readonly keepsBelow: boolean
}

export function cutSections(lines: readonly NoteLine[], headings = HEADINGS): readonly Section[] {
  let current: Draft = {
    region: 'none',
    role: 'unknown',
    heading: undefined,
    lines: [],
    level: 0,
    keepsBelow: false,
  }
  const sections = [current]
  for (const line of lines) {
    const next = beginsWith(line, current, headings)
    if (next === undefined) current.lines.push(line)
    else {
      current = next
      sections.push(next)
    }
  }
  return sections
}

/** The section that a line begins, if it begins one. */
function beginsWith(line: NoteLine, current: Draft, headings: Headings): Draft | undefined {
  if (line.kind !== 'heading' && line.kind !== 'entry') return undefined
  const name = nameIn(line.text)
  const isBundle = name === 'request_bundle' && line.kind === 'heading'
  if (CHARTER.test(name) && !isBullet(line) && (current.region === 'inbox' || isBundle))
    return begin(line, { region: 'inbox', role: 'charter', keepsBelow: true })
  if (line.kind === 'entry') return undefined
  const named = rowNamed(name, headings)
  if (named !== undefined)
    return begin(line, { ...named, region: named.region ?? ticketRegion(current) ?? 'batch' })
  const isNew = current.region === 'new'
  const isTicket = mayBeTicket(line) && (isNew || ticketRegion(current) !== undefined)
  const isInList = isNew && current.role === 'plain'
  if (current.keepsBelow && line.level > current.level && !(isTicket && isInList)) return undefined
  if (isTicket) return begin(line, { region: current.region, role: 'block', keepsBelow: true })
  return begin(line, { region: ticketRegion(current) ?? 'none', role: 'unknown', keepsBelow: false })
}

const LONGEST_NAME = 60

const isBullet = (line: HeadingLine | EntryLine): boolean => line.kind === 'entry' && line.isBullet

function begin(
  heading: HeadingLine | EntryLine,
  kind: { readonly region: Region; readonly role: Role; readonly keepsBelow: boolean },
): Draft {
  const { region, role, keepsBelow } = kind
  return {
    region,
    role,
    keepsBelow,
    heading,
    level: heading.kind === 'heading' ? heading.level : 2,
    lines: [],
  }
}

function ticketRegion({ region }: Section): TicketRegion | undefined {
  return region === 'batch' || region === 'inbox' || region === 'projection' ? region : undefined
}

/** As published, a ticket of any other kind of id stands at level 3. */
function mayBeTicket({ text, level }: HeadingLine): boolean {
  const heading = readTicketHeading(text)
  return heading !== undefined && (heading.isCertain ? level > 1 : level === 3)
}
