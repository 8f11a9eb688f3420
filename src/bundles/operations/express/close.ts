/** express close: done with evidence; when it grew beyond small work it becomes a bundle (contracts: filesystem 5.4). */
import { countsOf, evidenceGiven, requireKinds } from '../../../evidence/given.ts'
import { invalid } from '../../../operation/input.ts'
import { accept } from '../../../operation/accept.ts'
import type { BundleContext } from '../../context.ts'
import { checksChanged } from '../../evidence.ts'
import { findExpress, type Found } from '../../find.ts'
import { actorOf } from '../../lease.ts'
import type { Express } from '../../model/express.ts'
import {
  judgeExpressClose,
  UPGRADE_ABOVE_FILES,
  upgradeChanges,
  type ExpressMove,
} from '../../model/express-moves.ts'
import type { HistoryEvent } from '../../model/history-event.ts'
import { workerId, type BundleId, type ExpressId } from '../../model/ids.ts'
import { planBundle } from '../../model/new-bundle.ts'
import type { NewTicket } from '../../model/ticket.ts'
import { once } from '../../once.ts'
import { bundleFolder } from '../../store/layout.ts'
import { freeBundleId } from '../../store/numbering.ts'
import { loadBundles } from '../../store/reading.ts'
import { editYaml, renderYaml, type Content } from '../../store/yaml-file.ts'
import type { ExpressInput } from '../express.ts'

export async function closeExpress(request: ExpressInput, context: BundleContext) {
  const { ticket_id } = request
  if (ticket_id === undefined) throw invalid('ticket_id', 'is missing: name the express ticket to close')
  findExpress(context, ticket_id)
  return once(context, 'express close', request, (keyed) => close({ ...request, ticket_id }, keyed))
}

type CloseRequest = ExpressInput & { readonly ticket_id: ExpressId }

async function close(request: CloseRequest, context: BundleContext) {
  const { ticket_id, files_changed, agent, claim_no, session_id } = request
  const actor = actorOf(context, { agent, claim_no, session_id })
  const evidence = evidenceGiven(request.evidence, context.warn)
  const judge = (now: string) => {
    const found = findExpress(context, ticket_id)
    const move = accept(judgeExpressClose(found.thing, { ...actor, evidence: evidence.text }, now))
    requireKinds(context.config().evidence.required, ticket_id, evidence)
    return { found, move }
  }
  const check = async () => {
    judge(context.now())
    const { checkItems } = await import('../../check-evidence.ts')
    return checkItems(context, evidence.items, { id: ticket_id, isDone: true })
  }
  const checks = evidence.items.length === 0 ? [] : await check()
  return context.locked(ticket_id, async () => {
    const now = context.now()
    const { found, move: bare } = judge(now)
    const move = { ...bare, changes: { ...bare.changes, ...checksChanged(evidence, checks, found.thing) } }
    const checked = countsOf(checks)
    const by = actor.agent ?? found.thing.claimed_by
    const closed: HistoryEvent = {
      event: 'EXPRESS_CLOSED',
      fields: {
        ticket: ticket_id,
        files_changed: files_changed ?? 'unknown',
        agent: by,
        from: move.from,
        to: move.to,
      },
    }
    if (files_changed !== undefined && files_changed > UPGRADE_ABOVE_FILES) {
      return upgrade(context, found, { move, files_changed, by, closed, checked }, now)
    }
    const told = {
      ...{ closed: true, ticket_id, status: move.to },
      ...(files_changed === undefined ? {} : { files_changed }),
      ...checked,
    }
    const files = { [found.file.path]: rewritten(context, found, { move, by }, now) }
    await context.commit({ files, events: [closed], told }, now)
    return told
  })
}

interface Upgrade {
  readonly move: ExpressMove
  readonly files_changed: number
  readonly by: string | undefined
  readonly closed: HistoryEvent
  /** What is told of its evidence. */
  readonly checked: object
}

/** The new bundle and the closed express ticket are one change; the ticket, put in place last, is the commit point. */
async function upgrade(context: BundleContext, found: Found<Express>, request: Upgrade, now: string) {
  const { move, files_changed, by, closed, checked } = request
  const { thing: express } = found
  return context.locked('bundles', async () => {
    const begun = upgradeBegun(context, express)
    const id = begun ?? freeBundleId(context)
    const worker = workerId(1)
    const audit = context.config().auto_audit
    const born = planBundle(id, { title: express.title, upgraded_from: express.id }, [asWorker(express)], {
      now,
      audit,
      agent: by,
    })
    const documents = Object.entries(born.documents).map(
      ([name, document]) => [name, renderYaml(document)] as const,
    )
    const changes = { ...move.changes, ...upgradeChanges(id, worker, files_changed) }
    const upgraded: HistoryEvent = {
      event: 'EXPRESS_UPGRADED',
      fields: {
        ticket: express.id,
        files_changed,
        bundle: id,
        worker_ticket: worker,
        agent: by,
        from: move.from,
        to: move.to,
      },
    }
    const told = {
      ...{ closed: true, ticket_id: express.id, status: move.to, files_changed },
      ...{ upgraded: true, bundle_id: id, worker_ticket: worker },
      ...checked,
    }
    await context.commit(
      {
        folders: begun === undefined ? { [bundleFolder(context, id)]: Object.fromEntries(documents) } : {},
        files: { [found.file.path]: rewritten(context, found, { move: { ...move, changes }, by }, now) },
        events: [...(begun === undefined ? born.events : []), upgraded, closed],
        told,
      },
      now,
    )
    return told
  })
}

/** The bundle of an upgrade that was cut before the express ticket was closed; the same close takes it up again. */
function upgradeBegun(context: BundleContext, { id, upgraded_to_bundle }: Express): BundleId | undefined {
  const newest = loadBundles(context).things.findLast((bundle) => bundle.upgraded_from === id)?.id
  return newest === upgraded_to_bundle ? undefined : newest
}

const rewritten = (
  { mark }: BundleContext,
  { file }: Found<Express>,
  { move, by }: Pick<Upgrade, 'move' | 'by'>,
  now: string,
): Content =>
  editYaml(file, move.changes, {
    transition_log: { from: move.from, to: move.to, timestamp: now, agent: by ?? null, ...mark },
  })

function asWorker(express: Express): NewTicket {
  const { title } = express
  const given = KEPT.map((name) => [name, express[name]] as const).filter(
    ([, value]) => value !== undefined && value !== '',
  )
  return { title, acceptance_criteria: express.acceptance_criteria.slice(0, 1), ...Object.fromEntries(given) }
}

/** What the worker ticket of an upgrade takes over. */
const KEPT = [
  'description',
  'category',
  'effort_estimate',
  'agent_type',
  'wave',
  'source_plan',
  'source_ticket_index',
] as const satisfies readonly (keyof Express)[]
