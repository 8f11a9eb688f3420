/** The graph of the tickets of a bundle, or of all bundles, as it is drawn: nodes in blocks, and which block waits for which. */
import { isFinished, type Bundle } from './bundle.ts'
import { roleOf } from './ids.ts'
import { oneLine } from './markdown.ts'
import type { Readiness } from './readiness.ts'
import { depthsOf, unknownDependencies, type GraphTicket } from './ticket-graph.ts'
import type { Ticket } from './ticket.ts'

export interface GraphNode extends GraphTicket {
  readonly depends_on: readonly string[]
  readonly title: string
  readonly state: NodeState
  /** Who has it in hand. */
  readonly holder?: string
  /** How many of its dependencies are left out. */
  readonly left_out?: number
}

export type NodeState = 'ready' | 'waiting' | 'held' | 'blocked' | 'stale' | 'done' | 'failed'

export interface Block {
  readonly title: string
  readonly nodes: readonly GraphNode[]
}

export interface Graph {
  /** What all steps are together. */
  readonly title: string
  /** The waves of a bundle; where none is declared, how deep each node lies below what it depends on. */
  readonly steps: readonly Block[]
  /** Whether each step waits for the one before, as waves do. */
  readonly isInTurn: boolean
  /** What waits for all of them: the audit, then the integration. */
  readonly ends: readonly Block[]
  /** Ids that are named as a dependency and exist nowhere, in the order they are met. */
  readonly unknown: ReadonlySet<string>
}

/** `unreadable` are the ids of tickets that exist and say nothing. */
export function ticketGraph(standing: readonly Readiness[], unreadable: readonly string[] = []): Graph {
  const tickets = standing.map(({ ticket }) => ticket)
  const ofRole = (role: ReturnType<typeof roleOf>) =>
    standing.filter(({ ticket }) => roleOf(ticket.id) === role)
  const workers = ofRole('worker')
  const isInTurn = workers.some(({ ticket }) => ticket.wave !== undefined)
  const depths = isInTurn ? undefined : depthsOf(workers.map(({ ticket }) => ticket))
  const ends = [
    { title: 'Audit', nodes: ofRole('audit').map(ticketNode) },
    { title: 'Integration', nodes: ofRole('main').map(ticketNode) },
  ]
  return {
    title: 'Work',
    isInTurn,
    steps: stepsOf(
      workers.map(ticketNode),
      workers.map(({ ticket }) => depths?.get(ticket.id) ?? ticket.wave ?? 0),
      isInTurn ? 'Wave' : 'Step',
    ),
    ends: ends.filter(({ nodes }) => nodes.length > 0),
    unknown: unknownIn(tickets, unreadable),
  }
}

/** The same of bundles, in the order given. */
export function bundleGraph(bundles: readonly Bundle[], unreadable: readonly string[] = []): Graph {
  const open = new Set<string>([
    ...bundles.filter((bundle) => !isFinished(bundle)).map(({ id }) => id),
    ...unreadable,
  ])
  const depths = depthsOf(bundles)
  return {
    title: 'Bundles',
    isInTurn: false,
    steps: stepsOf(
      bundles.map((bundle) => bundleNode(bundle, open)),
      bundles.map(({ id }) => depths.get(id) ?? 1),
      'Step',
    ),
    ends: [],
    unknown: unknownIn(bundles, unreadable),
  }
}

export const nodesOf = ({ steps, ends }: Graph): readonly GraphNode[] =>
  [...steps, ...ends].flatMap(({ nodes }) => nodes)

/** The part that holds these nodes, or what has become of them, by id. */
export function partOf(graph: Graph, nodes: readonly GraphNode[]): Graph {
  const kept = new Map(nodes.map((node) => [node.id, node]))
  const within = (blocks: readonly Block[]): readonly Block[] =>
    blocks
      .map((block) => ({ ...block, nodes: block.nodes.flatMap(({ id }) => kept.get(id) ?? []) }))
      .filter((block) => block.nodes.length > 0)
  return { ...graph, steps: within(graph.steps), ends: within(graph.ends) }
}

function ticketNode({ ticket, state }: Readiness): GraphNode {
  return {
    ...named(ticket),
    state: stateOf(ticket, state),
    ...(state === 'held' || state === 'stale' || state === 'published' ? heldBy(ticket.claimed_by) : {}),
  }
}

function stateOf({ status }: Ticket, state: Readiness['state']): NodeState {
  if (state === 'over') return status === 'done' ? 'done' : 'failed'
  if (state === 'published') return PUBLISHED[status] ?? 'waiting'
  return status === 'blocked' ? 'blocked' : state
}

/** As it was collected last. */
const PUBLISHED: Readonly<Record<string, NodeState>> = {
  claimed: 'held',
  in_progress: 'held',
  blocked: 'blocked',
}

function bundleNode(bundle: Bundle, open: ReadonlySet<string>): GraphNode {
  const { id, main_agent } = bundle
  if (isFinished(bundle)) return { ...named(bundle), state: 'done' }
  const waits = bundle.depends_on.some((other) => other !== id && open.has(other))
  if (waits) return { ...named(bundle), state: 'waiting' }
  return bundle.status === 'in_progress'
    ? { ...named(bundle), state: 'held', ...heldBy(main_agent) }
    : { ...named(bundle), state: 'ready' }
}

const named = ({ id, title, depends_on }: GraphTicket & { readonly title: string }) => ({
  id,
  title: oneLine(title),
  depends_on: [...new Set(depends_on)],
})

const heldBy = (agent: string | undefined) => (agent === undefined ? {} : { holder: oneLine(agent) })

function stepsOf(
  nodes: readonly GraphNode[],
  steps: readonly number[],
  word: 'Wave' | 'Step',
): readonly Block[] {
  const blocks = new Map<number, GraphNode[]>()
  nodes.forEach((node, index) => {
    const step = steps[index] ?? 0
    const block = blocks.get(step)
    if (block === undefined) blocks.set(step, [node])
    else block.push(node)
  })
  return [...blocks]
    .toSorted(([one], [other]) => one - other)
    .map(([step, own]) => ({ title: `${word} ${step}`, nodes: own }))
}

const unknownIn = (tickets: readonly GraphTicket[], unreadable: readonly string[]): ReadonlySet<string> =>
  new Set(unknownDependencies([...tickets, ...unreadable.map((id) => ({ id, depends_on: [] }))]))
