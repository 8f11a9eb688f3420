/** Reads the `- key: value` lines below a ticket of a plan, and keeps the plain text among them. */
import type { Criterion } from '../../evidence/acceptance.ts'
import { indentOf, isStrayBox, readBullet, type Bullet } from './plan-bullets.ts'
import { findKey, suggestName, type MetadataDraft, type MetadataKey } from './plan-keys.ts'
import type { TextLine } from './plan-lines.ts'

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

/** What is read so far. Like the draft it is filled in place. */
interface Progress {
  readonly draft: MetadataDraft
  readonly text: TextLine[]
  readonly warnings: { readonly line: number; readonly text: string }[]
  /** The keys without a value that the line may be nested below, the innermost last. */
  readonly lists: OpenList[]
}

interface OpenList {
  readonly line: number
  readonly indent: number
  readonly name: string
  readonly nested: NonNullable<MetadataKey['nested']>
  readonly lengthBefore: number
}

/**
 * Reads the lines below one ticket. `proseKeys`: in prose `- word: text` with an unknown word is text; elsewhere it is
 * left out with a warning, for it is most likely a mistyped key. Warnings come in the order of the lines.
 */
export function readMetadata(lines: readonly TextLine[], proseKeys: boolean): MetadataReading {
  const draft: MetadataDraft = {
    depends_on: [],
    acceptance_criteria: [],
    skills: [],
    qa_scenarios: [],
    description: [],
  }
  const progress: Progress = { draft, text: [], warnings: [], lists: [] }
  for (const line of lines) {
    if (!line.fenced && line.raw.trim() !== '') closeLists(progress, indentOf(line.raw))
    readLine(line, progress, proseKeys)
  }
  closeLists(progress, 0)
  const warnings = progress.warnings.toSorted((one, other) => one.line - other.line)
  return {
    metadata: draft,
    text: progress.text,
    warnings: warnings.map(({ line, text }) => `line ${line}: ${text}`),
  }
}

/** A line ends every list that does not start left of it. */
function closeLists({ draft, warnings, lists }: Progress, indent: number): void {
  for (let list = lists.at(-1); list !== undefined && indent <= list.indent; list = lists.at(-1)) {
    lists.pop()
    if (draft[list.nested.field].length === list.lengthBefore)
      warnings.push({ line: list.line, text: withoutValue(list.name) })
  }
}

function withoutValue(name: string): string {
  return `"${name}" has no value and is ignored`
}

function readLine(line: TextLine, progress: Progress, proseKeys: boolean): void {
  const bullet = readBullet(line)
  const isEmpty = bullet === undefined || bullet.text === '' || isStrayBox(bullet)
  const answer = isEmpty ? { isText: true } : readEntry(bullet, line.number, progress, proseKeys)
  if (answer.isText) progress.text.push(line)
  if (answer.warning !== undefined) progress.warnings.push({ line: line.number, text: answer.warning })
}

interface Answer {
  /** True when the line belongs to the description. */
  readonly isText: boolean
  readonly warning?: string | undefined
}

function readEntry(bullet: Bullet, line: number, progress: Progress, proseKeys: boolean): Answer {
  const pair = readPair(bullet.text)
  const key = pair && findKey(pair.name)
  const list = progress.lists.at(-1)
  // "1. Run: the migration" is a step in prose and must not become a command, except in the list of a key.
  const isStep = bullet.isNumbered && list === undefined
  if (pair !== undefined && key !== undefined && !isStep) {
    if (pair.value !== '') return { isText: false, warning: key.read(pair.value, progress.draft) }
    return { isText: false, warning: openList(pair.name, key, { line, indent: bullet.indent }, progress) }
  }
  if (list !== undefined) {
    const warning = list.nested.read(bullet.text, progress.draft)
    return { isText: false, warning: warning ?? (pair && suggestion(pair.name, 'read as text')) }
  }
  if (pair === undefined) return { isText: true }
  if (!isStep) return readUnknown(pair, proseKeys)
  return key === undefined
    ? { isText: true }
    : { isText: true, warning: `a numbered item is text; write "- ${pair.name}:" instead` }
}

interface Pair {
  readonly name: string
  readonly value: string
  readonly isWord: boolean
}

const longestName = 40

function readPair(text: string): Pair | undefined {
  const colon = text.indexOf(':')
  if (colon === -1 || colon > longestName) return undefined
  const written = text.slice(0, colon).trim().toLowerCase()
  const value = text.slice(colon + 1)
  // `https://...` and "use JWT: RS256" are text; `colour: red` was meant as a key.
  const isWord = /^[a-z][a-z_-]*$/.test(written) && /^(?:\s|$)/.test(value)
  return { name: written.replaceAll(/[ _-]+/g, '_'), value: value.trim(), isWord }
}

/** Whether anything is nested below a key without a value is seen when the list ends. */
function openList(
  name: string,
  { nested }: MetadataKey,
  place: { readonly line: number; readonly indent: number },
  { draft, lists }: Progress,
): string | undefined {
  if (nested === undefined) return withoutValue(name)
  lists.push({ ...place, name, nested, lengthBefore: draft[nested.field].length })
  return undefined
}

function readUnknown({ name, isWord }: Pair, proseKeys: boolean): Answer {
  if (!isWord || proseKeys) return { isText: true, warning: suggestion(name, 'kept as text') }
  return { isText: false, warning: suggestion(name, 'ignored') ?? `unknown key "${name}" is ignored` }
}

function suggestion(name: string, fate: string): string | undefined {
  const meant = suggestName(name)
  return meant && `unknown key "${name}" is ${fate}; did you mean "${meant}"?`
}
