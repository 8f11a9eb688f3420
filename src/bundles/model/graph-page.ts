/** The part of a graph that an answer has room for. */
import { nodesOf, partOf, type Graph } from './graph-parts.ts'

/** The first nodes from `offset` on whose drawing has at most that many bytes in JSON: at least one, if need be without its arrows. */
export function fittingPart(
  graph: Graph,
  draw: (part: Graph) => string,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
): Graph {
  const nodes = nodesOf(graph).slice(offset)
  const fits = (part: Graph): boolean => Buffer.byteLength(JSON.stringify(draw(part))) <= bytes
  let largest: Graph | undefined
  for (let count = 1; count <= nodes.length; count += 1) {
    const part = partOf(graph, nodes.slice(0, count))
    if (!fits(part)) break
    largest = part
  }
  return largest ?? partOf(graph, nodes.slice(0, 1).map(withFewArrows))
}

const FEW_ARROWS = 5

const withFewArrows = <Node extends { readonly depends_on: readonly string[] }>(node: Node): Node => ({
  ...node,
  depends_on: node.depends_on.slice(0, FEW_ARROWS),
  ...(node.depends_on.length <= FEW_ARROWS ? {} : { left_out: node.depends_on.length - FEW_ARROWS }),
})
