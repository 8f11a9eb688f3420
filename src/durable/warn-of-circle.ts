/** Tells whoever takes tickets in when they wait for each other, so that none of them is ever free. */
import type { DurableContext } from './context.ts'
import { circleFrom } from './model/waiting.ts'
import type { TakenIn, TicketStore } from './store/ticket-store.ts'

/** Warns of one circle; what is as it was before is not looked at. */
export async function warnOfCircle(
  context: DurableContext,
  store: TicketStore,
  taken: readonly TakenIn[],
): Promise<void> {
  const waiting = taken
    .filter(({ isNew, isUpdated, ticket }) => (isNew || isUpdated) && ticket.depends_on.length > 0)
    .map(({ ticket }) => ticket)
  if (waiting.length === 0) return
  const waits = await store.waits(waiting.flatMap(({ depends_on }) => depends_on))
  for (const { key, depends_on } of waiting) {
    const others = depends_on.filter((other) => other !== key) // nobody waits for itself
    const circle = circleFrom(key, others, waits)
    if (circle === undefined) continue
    context.warn(`they wait for each other: ${circle.join(' -> ')}; mend it with \`tkt edit-ticket\``)
    return
  }
}
