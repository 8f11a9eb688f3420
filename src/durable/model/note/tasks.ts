/** Reads the tasks that people jot down: one an entry, with the lines that stand deeper below it. */
import { ignore, ignoreAll, type IgnoredLine, type Why } from './ignored-lines.ts'
import { newTaskIds } from './ids.ts'
import { readLabels, type Resolution } from './labels.ts'
import type { EntryLine, NoteLine } from './lines.ts'
import { isNothing, isPlaceholder, startOf } from './words.ts'

export interface SimpleTask {
  readonly item_type: 'simple_task'
  readonly resolution: Resolution
  readonly ticket_id: string
  /** The first 120 characters of its text. */
  readonly title: string
  /** Its text, then a line for each bullet or line of code below it. */
  readonly summary: string
  readonly ticket_type: 'WORKER'
  readonly line: number
}

export interface TasksReading {
  readonly tasks: readonly SimpleTask[]
  readonly ignored: readonly IgnoredLine[]
}

/**
 * Reads lists of any lines. An entry that is indented like the one above, or less, is a task of its own; deeper lines belong to the
 * one above, and do not change its id unless they are no bullets, but the rest of its text.
 */
export function readTasks(lists: readonly (readonly NoteLine[])[]): TasksReading {
  const progress: Progress = { drafts: [], ignored: [], above: undefined }
  for (const lines of lists) {
    progress.above = undefined
    for (const line of lines) readLine(line, progress)
  }
  // What is ticked off keeps its id, so that a task written again, or its twin, is another one.
  const done = progress.drafts.filter(({ isDone }) => isDone)
  const open = progress.drafts.filter(({ isDone }) => !isDone)
  const ids = newTaskIds([...done, ...open].map(({ text }) => text)).slice(done.length)
  const tasks = ids.flatMap((ticket_id, index) => {
    const draft = open[index]
    return draft === undefined ? [] : [taskOf(ticket_id, draft)]
  })
  return { tasks, ignored: progress.ignored }
}

interface Draft {
  readonly line: number
  readonly isDone: boolean
  readonly resolution: Resolution
  text: string
  readonly details: string[]
}

/** Filled in place: a list may have thousands of lines. */
interface Progress {
  readonly drafts: Draft[]
  readonly ignored: IgnoredLine[]
  above: Above | undefined
}

/** The entry that deeper lines belong to. */
interface Above {
  readonly indent: number
  /** Undefined for a placeholder. */
  readonly draft: Draft | undefined
  /** Why it is left out, with all that is below it. */
  readonly whole: Why | undefined
  /** Why its last bullet is left out, with the lines it is wrapped over. */
  bullet: Why | undefined
}

function readLine(line: NoteLine, progress: Progress): void {
  const { above, ignored } = progress
  if (line.kind === 'entry') {
    const isBelow = above !== undefined && line.indent >= above.indent + (line.isBullet ? 2 : 1)
    if (isBelow) readBelow(line, above, ignored)
    else progress.above = begin(line, progress)
  } else if (line.kind === 'fence' && above?.draft !== undefined && above.whole === undefined)
    above.draft.details.push(line.written)
  else {
    if (line.kind === 'heading') progress.above = undefined
    ignored.push(...ignoreAll([line], 'no_section'))
  }
}

function begin(line: EntryLine, { drafts, ignored }: Progress): Above {
  const { isDone, resolution, text } = readLabels(line.text)
  const isEmpty = isNothing(text)
  const whole: Why | undefined = isDone ? 'done' : isEmpty || isPlaceholder(text) ? 'placeholder' : undefined
  if (whole !== undefined && !(isEmpty && text === line.text))
    ignored.push(ignore(line, isEmpty ? 'no_text' : whole))
  const above = { indent: line.indent, whole, bullet: whole }
  if (isEmpty || whole === 'placeholder') return { ...above, draft: undefined }
  const draft = {
    line: line.number,
    isDone,
    resolution,
    text,
    details: [],
  }
  drafts.push(draft)
  return { ...above, draft }
}

function readBelow(line: EntryLine, above: Above, ignored: IgnoredLine[]): void {
  const { draft, whole } = above
  if (line.isBullet && whole === undefined) {
    above.bullet = readLabels(line.text).isDone
      ? 'done'
      : isPlaceholder(line.text)
        ? 'placeholder'
        : undefined
    if (above.bullet === undefined) draft?.details.push(`- ${line.text}`)
  } else if (!line.isBullet && draft !== undefined && above.bullet === whole) wrap(line.text, draft)
  if (above.bullet !== undefined) ignored.push(...ignoreAll([line], above.bullet))
}

function wrap(text: string, draft: Draft): void {
  const last = draft.details.pop()
  if (last === undefined) draft.text += ` ${text}`
  else draft.details.push(`${last} ${text}`)
}

function taskOf(ticket_id: string, { line, resolution, text, details }: Draft): SimpleTask {
  const title = startOf(text, 120)
  const summary = [text, ...details].join('\n')
  return {
    item_type: 'simple_task',
    resolution,
    ticket_id,
    title,
    summary,
    ticket_type: 'WORKER',
    line,
  }
}
