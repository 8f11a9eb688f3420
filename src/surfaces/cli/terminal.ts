/** What people see above the JSON line on a terminal: tables, a board by state, colour. Never loaded for programs. */
import colors from 'picocolors'
import type { Envelope, Failure } from '../../operation/envelope.ts'
import type { Row } from '../../registry/families.ts'
import { showBoard } from './views/board.ts'
import { refusing, showClose, showGates } from './views/close.ts'
import { showDoctor } from './views/doctor.ts'
import { hanging, rowsOf, showFields, type Fields } from './views/fields.ts'
import { showGraph } from './views/graph.ts'
import { showHistory } from './views/history.ts'
import { showBundles, showExpress, showGoals, showPlanned } from './views/lists.ts'
import { showReview } from './views/review.ts'
import { showStats } from './views/stats.ts'
import { flat, NARROWEST_TERMINAL } from './views/text.ts'
import { showVerified } from './views/verify.ts'
import { showPruned, showWorktrees } from './views/worktrees.ts'

/** What people see of an answer. */
export interface Seen {
  readonly envelope: Envelope
  /** Shown as it is, in place of a view. */
  readonly text?: string
  readonly row?: Row
}

type View = (fields: Fields, columns: number) => string

/** The text for people, ending in a newline; the caller prints the JSON line below it. */
export function showAnswer({ envelope, text, row }: Seen, terminal: { readonly columns: number }): string {
  if (text !== undefined) return `${text}\n`
  const columns = Math.max(NARROWEST_TERMINAL, terminal.columns)
  if (!envelope.ok) return showFailure(envelope, columns)
  const { warnings, ...told } = envelope
  const fields = Object.fromEntries(Object.entries(told).filter(([name]) => !isForPrograms(name, row)))
  const view = VIEWS[row?.name ?? ''] ?? showFields
  const notes = (Array.isArray(warnings) ? warnings : []).flatMap((warning) =>
    hanging(`${colors.yellow('!')} `, flat(warning), columns),
  )
  return [view(fields, columns), ...notes, ''].join('\n')
}

const VIEWS: Readonly<Record<string, View>> = {
  'bundle-status': showBoard,
  'list-bundles': showBundles,
  'close-bundle': showClose,
  'create-bundle': (fields, columns) =>
    fields.dry_run === true ? showPlanned(fields, columns) : showCreated(fields, columns),
  doctor: showDoctor,
  express: showExpress,
  graph: showGraph,
  history: showHistory,
  'show-review': showReview,
  stats: showStats,
  'worktree-status': showWorktrees,
  'worktree-prune': showPruned,
  verify: showVerified,
  show: ({ ticket, about, bundle }, columns) =>
    showFields({ ...((ticket ?? bundle) as Fields), ...(about === undefined ? {} : { about }) }, columns),
  'init-roadmap': saying(({ project }) => `${flat(project)} has a roadmap`, ['project']),
  add: saying(
    ({ ticket_id, bundle }) => `${flat(ticket_id)} is added to ${flat(bundle)}`,
    ['ticket_id', 'bundle'],
  ),
  edit: saying(editSays, ['edited', 'changed']),
  claim: saying(claimSays, ['claimed', 'ticket', 'agent', 'taken_over_from']),
  update: saying(
    ({ ticket_id, new_status }) => `${flat(ticket_id)} is ${flat(new_status)}`,
    ['ticket_id', 'new_status'],
  ),
  'batch-update': saying(batchSays, ['bundle', 'new_status', 'updated', 'already']),
  release: saying(({ released }) => `${flat(released)} is free again`, ['released', 'status']),
  reopen: saying(
    ({ reopened, from, status }) => `${flat(reopened)} was ${flat(from)} and is ${flat(status)}`,
    ['reopened', 'from', 'status'],
  ),
  'archive-bundle': saying(
    ({ archived, from }) => `${flat(archived)} was ${flat(from)} and is archived`,
    ['archived', 'from', 'already_archived'],
  ),
  'roadmap-goal': showGoals,
  'generate-review': saying(({ bundle }) => `the review of ${flat(bundle)} is written`, ['bundle']),
}

/** That it went well, people see; which database told it they ask with `db`. */
const isForPrograms = (name: string, row: Row | undefined): boolean =>
  name === 'ok' || (row?.family === 'durable' && DATABASE_FIELDS.includes(name) && row.name !== 'db')

const DATABASE_FIELDS: readonly string[] = ['status', 'db_target', 'target_source']

/** A sentence, and below it the fields that it does not tell. */
function saying(sentence: (fields: Fields) => string, told: readonly string[]): View {
  return (fields, columns) => {
    const others = Object.entries(fields).filter(([name]) => !told.includes(name))
    return showFields(Object.fromEntries(others), columns, sentence(fields))
  }
}

function batchSays({ bundle, new_status, updated, already }: Fields): string {
  const ids = [updated, already].flatMap((some) => (Array.isArray(some) ? some.map(flat) : []))
  return `${ids.join(', ')} of ${flat(bundle)} ${ids.length === 1 ? 'is' : 'are'} ${flat(new_status)}`
}

function editSays({ edited, changed }: Fields): string {
  const names = Array.isArray(changed) ? changed.map(flat) : []
  const says = names.length === 0 ? 'said so already' : `says something else now: ${names.join(', ')}`
  return `${flat(edited)} ${says}`
}

function claimSays({ agent, ticket, taken_over_from: other }: Fields): string {
  return `${flat(agent)} holds ${flat(ticket)}${other === undefined ? '' : `, taken over from ${flat(other)}`}`
}

function showCreated({ tickets, bundle_id, ticket_count, ...fields }: Fields, columns: number): string {
  const ids = Array.isArray(tickets) ? tickets.map(flat) : []
  const says = `${flat(bundle_id)} is created with ${flat(ticket_count)} tickets`
  return showFields({ ...fields, tickets: ids.join(' ') }, columns, says)
}

/** What was refused, why, and what to do; of several gates every one. */
function showFailure({ message, hint, error, error_code, details }: Failure, columns: number): string {
  const gates = rowsOf(details?.failures)
  const code = `(${error}, ${error_code})`
  const text =
    gates.length === 0 ? flat(message) : `${flat(details?.bundle)} stays open: ${refusing(gates.length)}`
  const paths = Array.isArray(details?.paths)
    ? details.paths.map((path) => `  ${colors.dim(flat(path))}`)
    : []
  return [
    ...hanging(`${colors.red('✗')} `, `${text} ${code}`, columns),
    ...showGates(gates, columns),
    ...(gates.length === 0 ? [...paths, ...hanging(`  ${colors.cyan('→')} `, flat(hint), columns)] : []),
    '',
  ].join('\n')
}
