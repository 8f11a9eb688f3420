/** express list: the newest first. */
import { pageOf } from '../../../operation/page.ts'
import type { BundleContext } from '../../context.ts'
import { reportUnreadable, warnWithoutStore } from '../../find.ts'
import { loadExpresses } from '../../store/reading.ts'
import type { ExpressInput } from '../express.ts'

export async function listExpress({ limit, offset }: ExpressInput, context: BundleContext) {
  warnWithoutStore(context)
  const { things, unreadable } = loadExpresses(context)
  const rowsOfAll = things
    .map((express) => ({
      id: express.id,
      status: express.status,
      title: express.title,
      category: express.category ?? null,
      created_at: express.created_at ?? null,
      completed_at: express.completed_at ?? null,
    }))
    .reverse()
  const left = reportUnreadable(unreadable, limit)
  const { rows, ...page } = pageOf(rowsOfAll, { limit, offset }, left)
  return { tickets: [...rows], ...page, ...left }
}
