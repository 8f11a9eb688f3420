/** db status: which database it is, and what is in it. One that is not there is an answer. */
import type { DurableContext } from '../../context.ts'
import type { Memories } from '../../store/store-keeper.ts'

export async function tellStatus(_request: unknown, context: DurableContext) {
  const exists = context.hasStore()
  return context.withKeeper(async (keeper, target) => {
    const head = { project: context.project(), ...target }
    if (!exists) return { exists, ...head }
    const { counts = {}, ...status } = await keeper.status()
    if (status.memories !== undefined) warnOfMemories(status.memories, context)
    return { exists: status.schema_version > 0, ...head, ...status, ...counts }
  })
}

/** Of a table that does not tell the tickets as they are. */
export function warnOfMemories({ place, behind = 0, refused }: Memories, { warn }: DurableContext): void {
  if (refused !== undefined) warn(`${place} does not follow the tickets: ${refused}`)
  else if (behind > 0) warn(`${place} is ${behind} tickets behind: \`tkt db migrate\` brings it up to date`)
}
