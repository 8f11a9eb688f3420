/** What commands answered, held against the files and the history: what was acknowledged is there, once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEvent, type HistoryRow } from '../../src/bundles/model/history-event.ts'
import { marksIn, type Move } from './mixed-load.ts'
import { faultsIn, storeReader, stuckLocks, WHOLE_LINE } from './sound-store.ts'

/** How a command ended: having answered that it changed something, or nothing, or killed before, having done its work or not. */
export type Ending =
  | { readonly how: 'acknowledged'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly how: 'unchanged' }
  | { readonly how: 'killed' }

export interface Ledger {
  readonly enter: (move: Move, ending: Ending) => void
  /** Everything that is wrong by now; to be asked while no command runs. */
  readonly faults: () => Promise<readonly string[]>
  /** Lines of changes that a kill kept from the files, and lines that a kill tore. */
  readonly leftovers: () => { readonly history_ahead: number; readonly torn_lines: number }
}

/** The ledger of a store whose changes all come from commands that are entered. */
export function openLedger(store: string): Ledger {
  const entries: { readonly move: Move; readonly ending: Ending }[] = []
  const read = storeReader(store)
  const historyLines = (): readonly string[] => readFileSync(join(store, 'history.log'), 'utf8').split('\n')
  const rows = (): readonly HistoryRow[] => historyLines().flatMap((line) => parseEvent(line) ?? [])
  return {
    enter: (move, ending) => {
      entries.push({ move, ending })
    },
    faults: async () => {
      const files = read()
      const texts = new Map([...files].map(([path, { text }]) => [path, text]))
      const all = rows()
      const lines = rowsByMark(all)
      const judged = entries.flatMap(({ move, ending }) => {
        const fault = faultOf(
          ending,
          (lines.get(move.mark) ?? []).filter(({ event }) => event === move.event),
          { mark: move.mark, texts, all },
        )
        return fault === undefined ? [] : [`${move.words.join(' ')}: ${fault}`]
      })
      const unlogged = [...texts].flatMap(([path, text]) =>
        marksIn(text)
          .filter((mark) => !lines.has(mark))
          .map((mark) => `${path} has ${mark}, the history has not`),
      )
      return [...faultsIn(files), ...judged, ...unlogged, ...(await stuckLocks(store))]
    },
    leftovers: () => {
      const marks = new Set([...read().values()].flatMap(({ text }) => marksIn(text)))
      const ahead = [...rowsByMark(rows()).keys()].filter((mark) => !marks.has(mark))
      const torn = historyLines().filter((line) => !WHOLE_LINE.test(line))
      return { history_ahead: ahead.length, torn_lines: torn.length }
    },
  }
}

function rowsByMark(rows: readonly HistoryRow[]): ReadonlyMap<string, readonly HistoryRow[]> {
  const found = new Map<string, HistoryRow[]>()
  for (const row of rows) {
    const { taken_over_from: _former, ...fields } = row.fields
    for (const mark of marksIn(Object.values(fields).join(' ')))
      found.set(mark, [...(found.get(mark) ?? []), row])
  }
  return found
}

interface Found {
  readonly mark: string
  readonly texts: ReadonlyMap<string, string>
  readonly all: readonly HistoryRow[]
}

function faultOf(ending: Ending, rows: readonly HistoryRow[], found: Found): string | undefined {
  const [row] = rows
  if (rows.length > 1) return `${rows.length} lines of history`
  if (ending.how === 'unchanged')
    return row === undefined ? undefined : 'answered that it changed nothing, and was logged'
  if (ending.how === 'killed') return undefined
  if (row === undefined) return 'was acknowledged, and the history has no line of it'
  if (!isKept(row, found)) return `was acknowledged, and ${changedBy(row)} does not have it`
  const id = row.fields.ticket ?? row.fields.id ?? row.fields.bundle ?? row.fields.to
  return JSON.stringify(ending.answer).includes(`${String(id)}"`)
    ? undefined
    : `answered other than the history, which says ${String(id)}`
}

/** A mark stays where it was written; the close of a bundle is undone by its reopening. */
function isKept(row: HistoryRow, { mark, texts, all }: Found): boolean {
  const text = texts.get(changedBy(row)) ?? ''
  if (row.event !== 'BUNDLE_CLOSED') return text.includes(mark)
  const later = all.slice(all.indexOf(row) + 1)
  const isReopened = later.some(
    ({ event, fields }) => event === 'BUNDLE_REOPENED' && fields.bundle === row.fields.bundle,
  )
  return isReopened || text.includes('\nstatus: "closed"\n')
}

/** The file that shows such an event. */
function changedBy({ event, fields }: HistoryRow): string {
  const { id = '', bundle = '', ticket = 'TKT-000' } = fields
  if (event === 'ROADMAP_TRANSITION' || event === 'GOAL_ADDED') return 'roadmap.yaml'
  if (event === 'BUNDLE_CREATED') return `bundles/${id}/bundle.yaml`
  if (event === 'BUNDLE_CLOSED') return `bundles/${bundle}/bundle.yaml`
  return event.startsWith('EXPRESS_') ? `express/${ticket}.yaml` : `bundles/${bundle}/${ticket}.yaml`
}
