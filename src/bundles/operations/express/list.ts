/** express list: the newest first. */
import { pageOf } from '../../../operation/page.ts'
import type { BundleContext } from '../../context.ts'
import { warnWithoutStore } from '../../find.ts'
import { loadExpresses, reportUnreadable } from '../../store/reading.ts'
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
  const { rows, ...page } = pageOf(rowsOfAll, { limit, offset })
  return {
    tickets: [...rows],
    ...page,
    ...reportUnreadable(unreadable),
  }
}
