/** The graph of tickets or bundles as text: its steps as blocks of lines. */
import type { Graph, GraphNode } from './graph-parts.ts'
import { oneLine, shortened } from './markdown.ts'

/**
 * Under the title of each block `  TKT-003 <- TKT-001, TKT-002  title  state @holder`: two spaces stand between the parts
 * and nowhere in them.
 */
export const graphText = ({ steps, ends, unknown }: Graph): string =>
  [...steps, ...ends]
    .flatMap(({ title, nodes }) => [title, ...nodes.map((node) => lineOf(node, unknown))])
    .join('\n')

function lineOf(node: GraphNode, unknown: ReadonlySet<string>): string {
  const { id, title, state, holder, depends_on, left_out } = node
  const needs = depends_on.map((other) => (unknown.has(other) ? `${shortWord(other)} (unknown)` : other))
  const more = left_out === undefined ? [] : [`${left_out} more`]
  const arrow = depends_on.length + more.length === 0 ? '' : ` <- ${[...needs, ...more].join(', ')}`
  const hand = holder === undefined ? '' : ` @${shortWord(holder)}`
  return `  ${id}${arrow}  ${shortened(title, LONGEST_TITLE)}  ${state}${hand}`
}

const LONGEST_TITLE = 60
const LONGEST_WORD = 40

const shortWord = (text: string): string => shortened(oneLine(text), LONGEST_WORD)
