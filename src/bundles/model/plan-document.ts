/** Reads a markdown plan into tickets, ready to be added to a bundle; the text of a plan is never run or quoted. */
import type { Criterion } from '../../evidence/acceptance.ts'
import { collectBlocks, type PlanBlock } from './plan-blocks.ts'
import { warnOfStrayBoxes } from './plan-bullets.ts'
import { resolveDependencies, type TicketDependencies } from './plan-dependencies.ts'
import { sortLines, splitLines, type PlanLine, type TextLine } from './plan-lines.ts'
import { readMetadata, type MetadataReading } from './plan-metadata.ts'
import { chooseRoute, type PlanRoute } from './plan-route.ts'
import { readTitle, type PlanTitle } from './plan-title.ts'

export interface PlanDocument {
  readonly goal: string
  readonly route: PlanRoute
  readonly tickets: readonly PlannedTicket[]
  /** Checked boxes: work already done, which becomes no ticket. */
  readonly skipped: readonly { readonly line: number; readonly title: string }[]
  readonly warnings: readonly string[]
}

export interface PlannedTicket {
  readonly title: string
  readonly description: string
  readonly acceptance_criteria: readonly Criterion[]
  readonly category?: string
  readonly effort_estimate?: string
  readonly skills: readonly string[]
  readonly wave?: number
  readonly qa_scenarios: readonly string[]
  /** `TKT-NNN` ids: the tickets of this plan, numbered in order from TKT-001. */
  readonly depends_on: readonly string[]
  readonly source_plan?: string
  readonly source_ticket_index?: number
  readonly line: number
}

/** A block whose words are read, but whose dependencies are not yet ids. */
interface DraftTicket {
  readonly block: PlanBlock
  readonly inline: PlanTitle
  readonly reading: MetadataReading
  readonly title: string
}

/** Reads any text without failing. What could not be understood is in `warnings`, with its line. */
export function parsePlan(markdown: string, options: { readonly file_name: string }): PlanDocument {
  const source = splitLines(markdown)
  const { lines, openFence } = sortLines(source)
  const fileName = options.file_name.split(/[\\/]/).at(-1) ?? options.file_name
  const blocks = collectBlocks(lines)
  const drafts = blocks.filter((block) => !block.checked).map(readBlock)
  const titled = drafts.filter((draft) => draft.title !== '')
  const skipped = blocks
    .filter((block) => block.checked)
    .map(({ line, written }) => ({ line, title: cutTitle(readTitle(written).title) }))
  const { dependencies, warnings } = resolveDependencies(
    titled.map((draft) => ({ line: draft.block.line, title: draft.title, phrases: phrasesOf(draft) })),
    skipped.map(({ title }) => title),
  )
  const tickets = titled.map((draft, index) => planTicket(draft, dependencies[index] ?? none, fileName))
  return {
    goal: goalOf(lines) ?? stemOf(fileName),
    route: chooseRoute(source.join('\n'), lines, tickets),
    tickets,
    skipped,
    warnings: [
      ...(openFence === undefined
        ? []
        : [`line ${openFence}: this code fence is never closed; all below it is text`]),
      ...warnOfStrayBoxes(lines),
      ...drafts.flatMap(draftWarnings),
      ...warnings,
    ],
  }
}

const none: TicketDependencies = { depends_on: [], unresolved: [] }

function goalOf(lines: readonly PlanLine[]): string | undefined {
  const heading = lines.find((line) => line.kind === 'heading' && line.level <= 4 && line.text !== '')
  return heading?.kind === 'heading' ? heading.text : undefined
}

function stemOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  return dot > 0 ? fileName.slice(0, dot) : fileName
}

function readBlock(block: PlanBlock): DraftTicket {
  const inline = readTitle(block.written)
  const reading = readMetadata(block.below, block.kind === 'heading')
  return { block, inline, reading, title: cutTitle(inline.title) }
}

function draftWarnings({ block, title, reading }: DraftTicket): readonly string[] {
  if (title === '') return [`line ${block.line}: a ticket without a title is left out`]
  return reading.warnings
}

/** Dependencies given as metadata replace those in the title. */
function phrasesOf({ inline, reading }: DraftTicket): readonly string[] {
  const structured = reading.metadata.depends_on
  return structured.length > 0 ? structured : inline.depends_on
}

function planTicket(draft: DraftTicket, dependencies: TicketDependencies, fileName: string): PlannedTicket {
  const { block, inline, title } = draft
  const { metadata } = draft.reading
  const category = metadata.category ?? inline.category
  const effort_estimate = metadata.effort_estimate ?? inline.effort_estimate
  const wave = metadata.wave ?? block.wave
  return {
    title,
    description: describe(draft, dependencies.unresolved),
    acceptance_criteria: metadata.acceptance_criteria,
    ...(category === undefined ? {} : { category }),
    ...(effort_estimate === undefined ? {} : { effort_estimate }),
    skills: metadata.skills,
    ...(wave === undefined ? {} : { wave }),
    qa_scenarios: metadata.qa_scenarios,
    depends_on: dependencies.depends_on,
    ...sourceOf(draft, fileName),
    line: block.line,
  }
}

/** Where in which plan it stands; a ticket made of a heading has no place unless the plan names one, as published. */
function sourceOf({ block, reading: { metadata } }: DraftTicket, fileName: string) {
  const isBox = block.kind === 'checkbox'
  const source_plan = metadata.source_plan ?? (isBox ? fileName : undefined)
  const source_ticket_index = metadata.source_ticket_index ?? (isBox ? block.position : undefined)
  return {
    ...(source_plan === undefined ? {} : { source_plan }),
    ...(source_ticket_index === undefined ? {} : { source_ticket_index }),
  }
}

/** The description lines of the plan, or its ticket line, and all text below that no field of the ticket holds. */
function describe(draft: DraftTicket, unresolved: readonly string[]): string {
  const { block, reading } = draft
  const given = reading.metadata.description
  const text = joinText(
    reading.text.filter((line) => block.kind === 'heading' || line.indented || isBlank(line)),
  )
  const isDescribed = given.length > 0 || (block.kind === 'heading' && text !== '')
  const lines = [
    ...(isDescribed && !losesWords(draft) ? [] : [block.written]),
    ...given,
    ...(text === '' ? [] : [text]),
    ...(unresolved.length === 0 ? [] : [`Depends on: ${unresolved.join(', ')}`]),
  ]
  return lines.join('\n')
}

/** True when the fields alone would not hold all that the ticket line says: a cut title, an inline value overridden. */
function losesWords({ inline, title, reading: { metadata } }: DraftTicket): boolean {
  const isOverridden =
    (inline.category !== undefined && metadata.category !== undefined) ||
    (inline.effort_estimate !== undefined && metadata.effort_estimate !== undefined) ||
    (inline.depends_on.length > 0 && metadata.depends_on.length > 0)
  return isOverridden || title !== inline.title
}

/** Joins lines without their common indent; blank lines stay between paragraphs only. */
function joinText(lines: readonly TextLine[]): string {
  const indents = lines.filter((line) => !isBlank(line)).map(({ raw }) => raw.length - raw.trimStart().length)
  const indent = indents.reduce((least, width) => Math.min(least, width), Infinity)
  const isNeeded = (line: TextLine, index: number) => {
    const before = lines[index - 1]
    return !isBlank(line) || (before !== undefined && !isBlank(before))
  }
  const kept = lines.filter(isNeeded).map(({ raw }) => raw.slice(indent).trimEnd())
  return kept.join('\n').trimEnd()
}

function isBlank(line: TextLine): boolean {
  return line.raw.trim() === ''
}

const longestTitle = 300

function cutTitle(title: string): string {
  if (title.length <= longestTitle) return title
  // A cut between the two halves of an emoji would leave a broken character.
  return title
    .slice(0, longestTitle)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
}
