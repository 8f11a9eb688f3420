/** Dependencies that lead nowhere, or in a circle: work that waits for ever, or for nothing. */
import type { BundleContext } from '../../context.ts'
import { isFinished } from '../../model/bundle.ts'
import { waveKnots } from '../../model/readiness.ts'
import { cyclesIn, cycleText, unknownDependencies, type GraphTicket } from '../../model/ticket-graph.ts'
import { glanceAtTickets, loadBundles } from '../../store/reading.ts'
import type { Finding } from './finding.ts'

export function checkLinks(context: BundleContext): readonly Finding[] {
  const bundles = loadBundles(context).things
  const open = bundles.filter((bundle) => !isFinished(bundle))
  return [
    ...judge('bundles', bundles, (id) => `tkt edit --bundle ${id} --depends-on IDS`),
    ...open.flatMap(({ id }) => {
      const tickets = glanceAtTickets(context, id).things
      const next = (ticket: string) => `tkt edit --bundle ${id} --ticket ${ticket} --depends-on IDS`
      const knots = waveKnots(tickets).map((knot) => waiting(id, knot.says, next(knot.id)))
      return [...judge(id, tickets, next), ...knots]
    }),
  ]
}

const waiting = (where: string, says: string, next: string): Finding => ({
  check: 'circle',
  where,
  says,
  isFault: true,
  next,
})

function judge(
  where: string,
  graph: readonly GraphTicket[],
  next: (id: string) => string,
): readonly Finding[] {
  const unknown = new Set(unknownDependencies(graph))
  const lost = graph.filter(({ depends_on = [] }) => depends_on.some((id) => unknown.has(id)))
  return [
    ...lost.map(({ id, depends_on = [] }) => ({
      check: 'unknown-dependency',
      where: `${where}/${id}`,
      says: `it depends on ${depends_on.filter((other) => unknown.has(other)).join(', ')}, which does not exist`,
      isFault: false,
      next: next(id),
    })),
    ...cyclesIn(graph).map((circle) =>
      waiting(where, `they wait for each other: ${cycleText(circle)}`, next(circle[0] ?? '')),
    ),
  ]
}
