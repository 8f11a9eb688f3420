/** Reads a note (`note/note_tasks.md`): the batch of tickets, what is new, and the review inbox. */
import { boundIgnored, ignoreSection, type IgnoredLines } from './ignored-lines.ts'
import { readBatch, type BatchReading } from './batch.ts'
import { isCharter, readInbox, type InboxReading } from './inbox.ts'
import { readLines } from './lines.ts'
import { readNew, type NewItem } from './new.ts'
import { cutSections, type Headings, type Region } from './sections.ts'

export interface Note extends IgnoredLines {
  /** What stands outside of the inbox and of `### New`. */
  readonly batch: BatchReading
  readonly new_items: readonly NewItem[]
  readonly inbox: InboxReading
}

/**
 * Reads any text without failing, in time that grows with its length; what is not there is empty. Every line that made no
 * difference is ignored_lines' to tell, but those below `# Prompt`, `## User`, `### Request` and `### Asking Question`,
 * which are for people.
 */
export function readNote(text: string, headings?: Headings): Note {
  const sections = cutSections(readLines(text), headings)
  const projectedTo: Region = sections.some(isCharter) ? 'inbox' : 'batch'
  const of = (region: Region) =>
    sections.filter((section) => (section.region === 'projection' ? projectedTo : section.region) === region)
  const main = readBatch(of('batch'))
  const review = readInbox(of('inbox'))
  const added = readNew(of('new'))
  const unknown = of('none').flatMap((section) => ignoreSection(section, 'no_section'))
  return {
    batch: main.batch,
    new_items: added.items,
    inbox: review.inbox,
    ...boundIgnored([...main.ignored, ...review.ignored, ...added.ignored, ...unknown]),
  }
}

/** The batch that is taken in: the note's own, or else that of its inbox, where the usual layout has it. */
export function batchOf({ batch, inbox }: Note): BatchReading {
  if (batch.kind !== 'empty') return batch
  return inbox.kind === 'inbox' ? inbox.batch : inbox
}
