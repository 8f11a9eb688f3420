/** Bundles and tickets that contradict themselves, each other, or what the history tells. */
import { existsSync } from 'node:fs'
import type { BundleContext } from '../../context.ts'
import { isFinished, type Bundle } from '../../model/bundle.ts'
import { isHeld } from '../../model/holding.ts'
import { linesOf } from '../../model/history-chain.ts'
import { parseEvent } from '../../model/history-event.ts'
import { AUDIT, INTEGRATE, type BundleId } from '../../model/ids.ts'
import { integerOf, mapOf } from '../../model/raw.ts'
import type { Ticket } from '../../model/ticket.ts'
import { bundleFolder, listBundleIds, listTicketIds, ticketFile } from '../../store/layout.ts'
import { loadBundle, loadExpresses, loadTickets, readHistory, type Stored } from '../../store/reading.ts'
import { editYaml } from '../../store/yaml-file.ts'
import { listNames } from '../../../system/files.ts'
import type { Finding } from './finding.ts'

export function checkBundles(context: BundleContext): readonly Finding[] {
  const ended = lastEnds(context)
  const found = listBundleIds(context).flatMap((id) => checkBundle(context, id, ended.get(id)))
  const lost = loadExpresses(context).things.filter((one) => isHeld(one) && one.claimed_by === undefined)
  return [...found, ...lost.map(({ id }) => ownerless(id, `--ticket ${id}`))]
}

function checkBundle(context: BundleContext, id: BundleId, lastEnd: string | undefined): readonly Finding[] {
  const stored = loadBundle(context, id)
  if (stored.state === 'absent') return [emptyFolder(context, id)]
  if (stored.state !== 'found') return [] // told with the files
  const tickets = loadTickets(context, id).things
  const held = tickets.filter((ticket) => isHeld(ticket) && ticket.claimed_by === undefined)
  return [
    ...(isFinished(stored.thing)
      ? wrongCount(context, id, stored)
      : unfinished(context, stored.thing, lastEnd)),
    ...held.map((ticket) => ownerless(`${id}/${ticket.id}`, `--bundle ${id} --ticket ${ticket.id}`)),
    ...withoutEvidence(id, tickets),
  ]
}

/** Which of BUNDLE_CLOSED and BUNDLE_REOPENED the history tells last of each bundle. */
function lastEnds(context: BundleContext): ReadonlyMap<string, string> {
  const lines = linesOf(readHistory(context))
  const ends = lines.filter((line) => / BUNDLE_(CLOSED|REOPENED) /.test(line))
  return new Map(
    ends.flatMap((line): readonly (readonly [string, string])[] => {
      const row = parseEvent(line)
      return row === undefined ? [] : [[row.fields.bundle ?? '', row.event]]
    }),
  )
}

/** What a create-bundle of the published tool left when it failed: it would keep the roadmap from being done. */
function emptyFolder(context: BundleContext, id: BundleId): Finding {
  const folder = bundleFolder(context, id)
  const isEmpty = listNames(folder).every((name) => name === '.lock')
  const found = { check: 'no-bundle-file', where: `bundles/${id}`, isFault: true } as const
  if (!isEmpty)
    return { ...found, says: 'it has no bundle.yaml', next: 'restore bundle.yaml from version control' }
  const again = (): Finding | undefined => (existsSync(folder) ? emptyFolder(context, id) : undefined)
  const says = 'move the empty folder to the backup'
  return {
    ...found,
    says: 'an empty folder of a bundle',
    repair: { says, lock: 'bundles', removals: [folder], again },
  }
}

/** A count that is derived is kept in closed bundles only, where nothing is added any more. */
function wrongCount(
  context: BundleContext,
  id: BundleId,
  { file }: Extract<Stored<Bundle>, { readonly state: 'found' }>,
): readonly Finding[] {
  const count = listTicketIds(context, id).length
  const written = integerOf(mapOf(file.value)?.ticket_count)
  if (written === undefined || written === count) return []
  const again = (): Finding | undefined => {
    const stored = loadBundle(context, id)
    return stored.state === 'found' ? wrongCount(context, id, stored)[0] : undefined
  }
  return [
    {
      check: 'wrong-count',
      where: `bundles/${id}/bundle.yaml`,
      says: `ticket_count is ${written}, and there are ${count} tickets`,
      isFault: false,
      repair: {
        says: `ticket_count ${written} -> ${count}`,
        lock: id,
        files: { [file.path]: editYaml(file, { ticket_count: count }) },
        again,
      },
    },
  ]
}

/** A close that was cut, and fixed tickets that are missing. */
function unfinished(context: BundleContext, bundle: Bundle, lastEnd: string | undefined): readonly Finding[] {
  const { id } = bundle
  const needed = [INTEGRATE, ...(bundle.audit_required ? [AUDIT] : [])]
  const missing = needed.filter((ticket) => !existsSync(ticketFile(context, id, ticket)))
  const cut: Finding = {
    check: 'half-closed',
    where: `bundles/${id}`,
    says: 'a close was cut before its end: the history tells of it, and the bundle is not closed',
    isFault: true,
    next: `tkt close --bundle ${id}`,
  }
  return [
    ...(lastEnd === 'BUNDLE_CLOSED' ? [cut] : []),
    ...missing.map((ticket) => ({
      check: 'missing-ticket',
      where: `bundles/${id}/${ticket}.yaml`,
      says: 'every bundle has this ticket, and it is missing: the bundle cannot be closed',
      isFault: true,
      next: `tkt reopen --bundle ${id} --ticket ${ticket} --reason "its file was lost"`,
    })),
  ]
}

/** A ticket that the published tool claimed for an agent whose name it could not write: nobody could claim it again. */
const ownerless = (where: string, options: string): Finding => ({
  check: 'held-by-nobody',
  where,
  says: 'it is claimed, and no file says by whom',
  isFault: true,
  next: `tkt reopen ${options} --reason "held by nobody"`,
})

const withoutEvidence = (id: BundleId, tickets: readonly Ticket[]): readonly Finding[] =>
  tickets
    .filter(({ status, evidence }) => status === 'done' && (evidence ?? '').trim() === '')
    .map((ticket) => ({
      check: 'done-without-evidence',
      where: `${id}/${ticket.id}`,
      says: 'it is done, and nothing says what proves it',
      isFault: false,
    }))
