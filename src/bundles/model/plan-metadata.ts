/** Reads the `- key: value` lines below a ticket of a plan, and keeps the plain text among them. */
import { isCommand, isExitCode, parseCriterion, type CommandCriterion, type Criterion } from './acceptance.ts'
import type { TextLine } from './plan-lines.ts'
import { splitList } from './plan-list.ts'

export interface PlanMetadata {
  readonly category?: string
  readonly effort_estimate?: string
  readonly wave?: number
  readonly source_plan?: string
  readonly source_ticket_index?: number
  readonly depends_on: readonly string[]
  readonly acceptance_criteria: readonly Criterion[]
  readonly skills: readonly string[]
  readonly qa_scenarios: readonly string[]
  readonly description: readonly string[]
}

export interface MetadataReading {
  readonly metadata: PlanMetadata
  readonly text: readonly TextLine[]
  readonly warnings: readonly string[]
}

// Filled in place: a plan may repeat a key thousands of times, and copying the lists each time would be quadratic.
interface Draft {
  category?: string
  effort_estimate?: string
  wave?: number
  source_plan?: string
  source_ticket_index?: number
  depends_on: string[]
  acceptance_criteria: Criterion[]
  skills: string[]
  qa_scenarios: string[]
  description: string[]
}

/** Reads one value into the draft; the answer is a warning, or undefined when all is well. */
type Reader = (value: string, draft: Draft) => string | undefined

interface MetadataKey {
  readonly names: readonly string[]
  readonly read: Reader
}

const metadataKeys: readonly MetadataKey[] = [
  {
    names: ['category', 'agent', 'agent_type'],
    read: (value, draft) => setText('category')(value.toLowerCase(), draft),
  },
  { names: ['effort', 'estimate', 'time'], read: setText('effort_estimate') },
  { names: ['depends_on'], read: addText('depends_on') },
  { names: ['acceptance', 'acceptance_criteria'], read: addCriterion },
  { names: ['run'], read: addCommand },
  { names: ['expect_exit_code'], read: expectExitCode },
  { names: ['expect_contains'], read: expectContains },
  { names: ['skills'], read: addList('skills') },
  { names: ['qa_scenarios'], read: addList('qa_scenarios') },
  { names: ['wave'], read: setNumber('wave') },
  { names: ['source_plan'], read: setText('source_plan') },
  { names: ['source_ticket_index'], read: setNumber('source_ticket_index') },
  { names: ['description'], read: addText('description') },
]
const readers = new Map(metadataKeys.flatMap(({ names, read }) => names.map((name) => [name, read] as const)))

/**
 * Reads the lines below one ticket. `proseKeys`: in prose `- word: text` with an unknown word is text; elsewhere it is
 * left out with a warning, for it is most likely a mistyped key.
 */
export function readMetadata(lines: readonly TextLine[], proseKeys: boolean): MetadataReading {
  const draft: Draft = {
    depends_on: [],
    acceptance_criteria: [],
    skills: [],
    qa_scenarios: [],
    description: [],
  }
  const text: TextLine[] = []
  const warnings: string[] = []
  for (const line of lines) {
    const entry = readEntry(line)
    const read = entry && readers.get(entry.key)
    if (entry === undefined || (read === undefined && (proseKeys || !entry.isKeyLike))) text.push(line)
    else {
      const warning = readValue(entry, read, draft)
      if (warning !== undefined) warnings.push(`line ${line.number}: ${warning}`)
    }
  }
  return { metadata: draft, text, warnings }
}

interface Entry {
  readonly key: string
  readonly value: string
  readonly isKeyLike: boolean
}

function readEntry({ raw, fenced }: TextLine): Entry | undefined {
  const bullet = fenced ? undefined : /^[ \t]*[-*][ \t]+/.exec(raw)?.[0]
  const colon = bullet === undefined ? -1 : raw.indexOf(':', bullet.length)
  if (bullet === undefined || colon === -1 || colon - bullet.length > 40) return undefined
  const name = raw.slice(bullet.length, colon).trim().toLowerCase()
  const value = raw.slice(colon + 1)
  // `https://...` and "use JWT: RS256" are text; `colour: red` was meant as a key.
  const isKeyLike = /^[a-z][a-z_-]*$/.test(name) && /^(?:\s|$)/.test(value)
  return { key: name.replaceAll(/[ _-]+/g, '_'), value: value.trim(), isKeyLike }
}

function readValue({ key, value }: Entry, read: Reader | undefined, draft: Draft): string | undefined {
  if (read === undefined) return `unknown key "${key}" is ignored`
  return value === '' ? `"${key}" has no value and is ignored` : read(value, draft)
}

function setText(field: 'category' | 'effort_estimate' | 'source_plan'): Reader {
  return (value, draft) => {
    draft[field] = value
    return undefined
  }
}

function setNumber(field: 'wave' | 'source_ticket_index'): Reader {
  return (value, draft) => {
    if (!/^\d{1,9}$/.test(value)) return `${field} must be a whole number; it is ignored`
    draft[field] = Number(value)
    return undefined
  }
}

function addText(field: 'depends_on' | 'description'): Reader {
  return (value, draft) => {
    draft[field].push(value)
    return undefined
  }
}

function addList(field: 'skills' | 'qa_scenarios'): Reader {
  return (value, draft) => {
    for (const part of splitList(value, '|;,')) draft[field].push(part)
    return undefined
  }
}

function addCriterion(value: string, draft: Draft): string | undefined {
  const reading = parseCriterion(value)
  draft.acceptance_criteria.push(reading.ok ? reading.criterion : value)
  return reading.ok ? undefined : `acceptance kept as plain text: ${reading.reason}`
}

function addCommand(value: string, draft: Draft): string | undefined {
  const run = unwrap(value)
  if (run === '') return '"run" has no value and is ignored'
  draft.acceptance_criteria.push({ type: 'command', run, expect_exit_code: 0 })
  return undefined
}

function expectExitCode(value: string, draft: Draft): string | undefined {
  const code = /^\d{1,3}$/.test(value) ? Number(value) : undefined
  if (!isExitCode(code)) return 'expect_exit_code must be an integer from 0 to 255; it is ignored'
  return amendCommand(draft, 'expect_exit_code', { expect_exit_code: code })
}

function expectContains(value: string, draft: Draft): string | undefined {
  return amendCommand(draft, 'expect_contains', { expect_contains: unwrap(value) })
}

function amendCommand(draft: Draft, key: string, expected: Partial<CommandCriterion>): string | undefined {
  const last = draft.acceptance_criteria.at(-1)
  if (last === undefined || !isCommand(last)) return `"${key}" has no "run" just above and is ignored`
  draft.acceptance_criteria[draft.acceptance_criteria.length - 1] = { ...last, ...expected }
  return undefined
}

function unwrap(value: string): string {
  const mark = value.charAt(0)
  const isWrapped = /["`]/.test(mark) && value.length > 1 && value.indexOf(mark, 1) === value.length - 1
  return isWrapped ? value.slice(1, -1).trim() : value
}
