/** db archive: the history of what is over for long goes into a file, and out of the database. */
import { existsSync } from 'node:fs'
import { invalid } from '../../../operation/input.ts'
import type { DurableContext } from '../../context.ts'
import { momentOf } from '../../model/since.ts'
import type { DbInput } from '../db.ts'
import { exportStore, pathOf } from './move.ts'
import { requireStore } from './upkeep.ts'

/**
 * The file is a whole export of the project, made first: what is taken out afterwards stands in it, whenever this ends. So it
 * is never written over.
 */
export async function archiveStore(request: DbInput, context: DurableContext) {
  const { file, before } = request
  const path = pathOf(file, context)
  if (before === undefined) throw invalid('before', 'is missing: say how old, such as 90d')
  const before_ms = momentOf(before, context.now_ms())
  if (before_ms === undefined || before_ms > context.now_ms())
    throw invalid('before', 'must be a moment in the past', before)
  if (existsSync(path)) throw invalid('file', 'must be a new one: an archive is never written over', path)
  requireStore(context)
  const now_ms = context.now_ms()
  const old = await context.withKeeper((keeper) => keeper.archivable(before_ms, now_ms))
  if (old === 0) return { file: path, archived_tickets: 0, archived_events: 0 }
  const exported = await exportStore(request, context)
  const { tickets, events } = await context.withKeeper((keeper) =>
    keeper.archive({ before_ms, now_ms, file: path, slice: SLICE }),
  )
  return { ...exported, archived_tickets: tickets, archived_events: events }
}

/** So many tickets at a time: nobody waits for long. */
const SLICE = 1_000
