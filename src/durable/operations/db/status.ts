/** db status: which database it is, and what is in it. One that is not there is an answer. */
import type { DurableContext } from '../../context.ts'

export async function tellStatus(_request: unknown, context: DurableContext) {
  const exists = context.hasStore()
  return context.withKeeper(async (keeper, target) => {
    const head = { project: context.project(), ...target }
    if (!exists) return { exists, ...head }
    const { counts = {}, ...status } = await keeper.status()
    return { exists: status.schema_version > 0, ...head, ...status, ...counts }
  })
}
