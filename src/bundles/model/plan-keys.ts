/** The keys a ticket of a plan may have, and how the value of each is read. */
import {
  isCommand,
  isExitCode,
  parseCriterion,
  type CommandCriterion,
  type Criterion,
} from '../../evidence/acceptance.ts'
import { splitList } from './plan-list.ts'

/** Filled in place: a plan may repeat a key thousands of times, and copying the lists each time would be quadratic. */
export interface MetadataDraft {
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
type Reader = (value: string, draft: MetadataDraft) => string | undefined

export interface MetadataKey {
  readonly names: readonly string[]
  /** What people write instead; it is not read, only answered with "did you mean". */
  readonly near?: readonly string[]
  readonly read: Reader
  /** Present when the bullets nested below the key without a value are its entries. */
  readonly nested?: { readonly field: ListField; readonly read: Reader }
}

type ListField = 'depends_on' | 'acceptance_criteria' | 'skills' | 'qa_scenarios'

const metadataKeys: readonly MetadataKey[] = [
  {
    names: ['category', 'agent', 'agent_type'],
    read: (value, draft) => setText('category')(value.toLowerCase(), draft),
  },
  { names: ['effort', 'estimate', 'time'], near: ['duration'], read: setText('effort_estimate') },
  {
    names: ['depends_on', 'depends', 'dependencies'],
    near: ['dependency', 'depends_upon', 'requires', 'needs', 'blocked_by'],
    read: addText('depends_on'),
    nested: { field: 'depends_on', read: addText('depends_on') },
  },
  {
    names: ['acceptance', 'acceptance_criteria'],
    near: ['accept', 'acceptance_criterion', 'criteria', 'criterion', 'done_when'],
    read: addCriterion,
    nested: { field: 'acceptance_criteria', read: addCriterion },
  },
  {
    names: ['run'],
    near: ['cmd', 'command', 'commands', 'verify'],
    read: addCommand,
    nested: { field: 'acceptance_criteria', read: addCommand },
  },
  { names: ['expect_exit_code'], near: ['exit_code', 'expect_code', 'expect_exit'], read: expectExitCode },
  {
    names: ['expect_contains'],
    near: ['contains', 'expect', 'expect_output', 'expected'],
    read: expectContains,
  },
  { names: ['skills'], read: addList('skills'), nested: { field: 'skills', read: addList('skills') } },
  {
    names: ['qa_scenarios'],
    near: ['qa', 'scenarios'],
    read: addList('qa_scenarios'),
    // Not split: a bullet is one scenario, and a sentence may hold a comma.
    nested: { field: 'qa_scenarios', read: addText('qa_scenarios') },
  },
  { names: ['wave'], near: ['phase'], read: setNumber('wave') },
  { names: ['source_plan'], read: setText('source_plan') },
  { names: ['source_ticket_index'], read: setNumber('source_ticket_index') },
  { names: ['description'], near: ['desc'], read: addText('description') },
]
const keysByName = new Map(metadataKeys.flatMap((key) => key.names.map((name) => [name, key] as const)))

/** The key of this name, in lower case and with underscores. */
export function findKey(name: string): MetadataKey | undefined {
  return keysByName.get(name)
}

/** The name of a key that was probably meant by a name no key has. */
export function suggestName(name: string): string | undefined {
  const known = [...keysByName.keys()].find((candidate) => isOneSlip(name, candidate))
  return known ?? metadataKeys.find(({ near }) => near?.includes(name))?.names[0]
}

/** One letter too many, too few or wrong, or two neighbours exchanged. */
function isOneSlip(written: string, meant: string): boolean {
  let start = 0
  while (start < written.length && written[start] === meant[start]) start += 1
  const wrong = written.slice(start)
  const right = meant.slice(start)
  const exchanged = `${wrong.charAt(1)}${wrong.charAt(0)}${wrong.slice(2)}`
  const candidates = [wrong.slice(1), `${right.charAt(0)}${wrong}`, `${right.charAt(0)}${wrong.slice(1)}`]
  return [...candidates, exchanged].includes(right)
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

function addText(field: 'depends_on' | 'qa_scenarios' | 'description'): Reader {
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

/** A criterion that begins with `run:` or `command:` is a command; `run:all` is a word. */
function addCriterion(value: string, draft: MetadataDraft): string | undefined {
  const command = /^(?:run|command):(?=\s|$)/i.exec(value)?.[0]
  if (command !== undefined) return addCommand(value.slice(command.length).trim(), draft)
  const reading = parseCriterion(value)
  draft.acceptance_criteria.push(reading.ok ? reading.criterion : value)
  return reading.ok ? undefined : `acceptance kept as plain text: ${reading.reason}`
}

function addCommand(value: string, draft: MetadataDraft): string | undefined {
  const run = unwrap(value)
  if (run === '') return '"run" has no value and is ignored'
  draft.acceptance_criteria.push({ type: 'command', run, expect_exit_code: 0 })
  return undefined
}

function expectExitCode(value: string, draft: MetadataDraft): string | undefined {
  const code = /^\d{1,3}$/.test(value) ? Number(value) : undefined
  if (!isExitCode(code)) return 'expect_exit_code must be an integer from 0 to 255; it is ignored'
  return amendCommand(draft, 'expect_exit_code', { expect_exit_code: code })
}

function expectContains(value: string, draft: MetadataDraft): string | undefined {
  return amendCommand(draft, 'expect_contains', { expect_contains: unwrap(value) })
}

function amendCommand(
  draft: MetadataDraft,
  key: string,
  expected: Partial<CommandCriterion>,
): string | undefined {
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
