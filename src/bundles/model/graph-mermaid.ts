/** The graph of tickets or bundles as a Mermaid flowchart, bounded to what code hosts draw. */
import { nodesOf, ticketGraph, type Block, type Graph, type GraphNode } from './graph-parts.ts'
import { mermaidText } from './mermaid-text.ts'
import type { Readiness } from './readiness.ts'

/** All tickets of a bundle, as `flowchart` draws them. */
export const flowchartOf = (standing: readonly Readiness[]): string => flowchart(ticketGraph(standing))

/**
 * A node for each ticket, in the colour of its state, with an arrow from each that it depends on; a box for each wave, and
 * one thick arrow from what is over first to what comes then. A graph that is too large is drawn as a box a wave.
 */
export const flowchart = (graph: Graph): string => (isDrawn(graph) ? whole(graph) : summary(graph))

/** Whether its nodes are drawn one by one. */
export function isDrawn(graph: Graph): boolean {
  const thick = graph.steps.length + 2 * graph.ends.flatMap(({ nodes }) => nodes).length
  const arrows = nodesOf(graph).reduce((sum, { depends_on }) => sum + depends_on.length, thick)
  return arrows <= MOST_ARROWS && whole(graph).length <= MOST_CHARACTERS
}

/** Beyond these Mermaid refuses, unless its host has set them higher. */
const MOST_ARROWS = 500
const MOST_CHARACTERS = 50_000

function whole(graph: Graph): string {
  const nodes = nodesOf(graph)
  const names = new Map([...graph.unknown].map((id, index) => [id, `unknown${index}`]))
  const lost = new Set(nodes.flatMap(({ depends_on }) => depends_on.filter((id) => names.has(id))))
  const arrows = nodes
    .filter(({ depends_on }) => depends_on.length > 0)
    .map(
      ({ id, depends_on }) => `${depends_on.map((other) => names.get(other) ?? other).join(' & ')} --> ${id}`,
    )
  return chart([
    ...boxesOf(graph).flatMap((box, index) => [
      `subgraph ${nameOf(index)}["${box.title}"]`,
      ...box.nodes.map((node) => `  ${nodeLine(node)}`),
      'end',
    ]),
    ...graph.ends.flatMap((end) => end.nodes.map(nodeLine)),
    ...[...lost].map((id) => `${names.get(id) ?? ''}["${mermaidText(id, LONGEST_LABEL)}"]:::unknown`),
    ...arrows,
    ...inTurn(graph),
  ])
}

const LONGEST_LABEL = 40

function nodeLine({ id, title, state, left_out }: GraphNode): string {
  const more = left_out === undefined ? '' : `, ${left_out} arrows left out`
  return `${id}["${`${id} ${mermaidText(title, LONGEST_LABEL)}`.trim()}${more}"]:::${state}`
}

/** Each wave, or all that goes by dependencies alone together. */
const boxesOf = ({ title, steps, isInTurn }: Graph): readonly Block[] =>
  isInTurn || steps.length === 0 ? steps : [{ title, nodes: steps.flatMap(({ nodes }) => nodes) }]

const nameOf = (index: number): string => `box${index}`

/** What waits for all that is before it: one arrow each, however many nodes there are. */
function inTurn(graph: Graph): readonly string[] {
  const ends = graph.ends.map(({ nodes }) => nodes.map(({ id }) => id).join(' & '))
  const names = [...boxesOf(graph).map((_, index) => nameOf(index)), ...ends]
  return names.length < 2 ? [] : [names.join(' ==> ')]
}

function summary(graph: Graph): string {
  const short = graph.steps.length > MOST_BOXES ? { ...graph, isInTurn: false } : graph
  return chart([
    ...boxesOf(short).map(({ title, nodes }, index) => `${nameOf(index)}["${title}: ${sumOf(nodes)}"]`),
    ...short.ends.flatMap((end) => end.nodes.map(nodeLine)),
    ...inTurn(short),
  ])
}

const MOST_BOXES = 100

/** `100 done, 150 waiting`. */
function sumOf(nodes: readonly GraphNode[]): string {
  const counts = new Map<string, number>()
  for (const { state } of nodes) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
}

const chart = (lines: readonly string[]): string =>
  ['flowchart LR', ...[...lines, ...COLOURS].map((line) => `  ${line}`)].join('\n')

/** Dark text on light ground: read on a white page and on a black one. */
const COLOURS = [
  'classDef ready fill:#fff,color:#111',
  'classDef waiting fill:#ddd,color:#555',
  'classDef held fill:#bdf,color:#111',
  'classDef blocked fill:#fe9,color:#111',
  'classDef stale fill:#fc9,color:#111',
  'classDef done fill:#beb,color:#111',
  'classDef failed fill:#fbb,color:#111',
  'classDef unknown stroke-dasharray:4',
]
