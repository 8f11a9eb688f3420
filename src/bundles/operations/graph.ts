/** What waits for what, drawn: the tickets of a bundle by wave, or the bundles of the project. */
import { Array as ListOf, Integer, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { PAGE_BYTES, pageOf } from '../../operation/page.ts'
import { choice, count } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { requireBundle, warnWithoutStore } from '../find.ts'
import { isHolderStale } from '../lease.ts'
import { flowchart, isDrawn } from '../model/graph-mermaid.ts'
import { fittingPart } from '../model/graph-page.ts'
import { bundleGraph, nodesOf, partOf, ticketGraph, type Block, type Graph } from '../model/graph-parts.ts'
import { graphText } from '../model/graph-text.ts'
import { bundleField, type BundleId } from '../model/ids.ts'
import { oneLine, shortened } from '../model/markdown.ts'
import { readinessOf } from '../model/readiness.ts'
import { cyclesIn, cycleText } from '../model/ticket-graph.ts'
import { loadBundles, loadTickets } from '../store/reading.ts'

const FORMATS = { text: graphText, mermaid: flowchart }

export const graph = defineOperation({
  name: 'graph',
  summary: 'Draw what waits for what: the tickets of a bundle by wave, or all bundles; as text or Mermaid.',
  capability: 'tkt-graph',
  effects: ['fs.read'],
  input: Fields({
    bundle: Optional(bundleField('draw its tickets; left out, all bundles')),
    format: Optional(choice(['text', 'mermaid'], 'what to draw it as; text when left out')),
    limit: Optional(count('draw at most this many tickets or bundles', 1)),
    offset: Optional(count('leave out this many first')),
  }),
  output: Fields({
    bundle: Optional(String()),
    format: String(),
    graph: String(),
    waves: ListOf(Fields({ title: String(), size: Integer(), over: Integer() })),
    cycles: ListOf(String()),
    unknown: ListOf(String()),
    shown: String(),
    next: Optional(String()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND'],
  positional: ['bundle'],
  examples: ['graph --bundle B-001', 'graph --bundle B-001 --format mermaid --limit 300', 'graph'],
  run: async ({ bundle, format = 'text', limit, offset = 0 }, context: BundleContext) => {
    const whole = bundle === undefined ? graphOfBundles(context) : graphOfTickets(context, bundle)
    const nodes = nodesOf(whole)
    const head = { ...(bundle === undefined ? {} : { bundle }), format }
    const tail = {
      waves: whole.steps.slice(0, limit ?? FEW).map(countsOf),
      cycles: cyclesIn(nodes)
        .slice(0, limit ?? FEW)
        .map(cycleText),
      unknown: [...whole.unknown].slice(0, limit ?? FEW).map((id) => shortened(oneLine(id), 40)),
    }
    const bytes = Math.max(SMALLEST, PAGE_BYTES - Buffer.byteLength(JSON.stringify({ ...head, ...tail })))
    const draw = FORMATS[format]
    const part =
      limit === undefined
        ? fittingPart(whole, draw, { offset, bytes })
        : partOf(whole, nodes.slice(offset, offset + limit))
    if (format === 'mermaid' && !isDrawn(part))
      context.warn('these are more than Mermaid draws, so each wave is one box: a smaller --limit shows them')
    const { rows: _, ...page } = pageOf(nodes, { limit: nodesOf(part).length, offset })
    return { ...head, graph: draw(part), ...tail, ...page }
  },
})

/** Of each list beside the graph, where no limit is given. */
const FEW = 5
/** However much stands beside it, the graph has this much room. */
const SMALLEST = 600

function graphOfTickets(context: BundleContext, bundle: BundleId): Graph {
  requireBundle(context, bundle)
  const { things, unreadable } = loadTickets(context, bundle)
  const standing = readinessOf(things, (ticket) => isHolderStale(context, ticket))
  return ticketGraph(standing, warnOfUnreadable(context, unreadable))
}

function graphOfBundles(context: BundleContext): Graph {
  warnWithoutStore(context)
  const { things, unreadable } = loadBundles(context)
  return bundleGraph(things, warnOfUnreadable(context, unreadable))
}

function warnOfUnreadable(
  context: BundleContext,
  unreadable: readonly { readonly id: string }[],
): readonly string[] {
  const ids = unreadable.map(({ id }) => id)
  if (ids.length > 0)
    context.warn(
      `${ids.length} cannot be read and are not drawn, ${ids.slice(0, FEW).join(', ')}: see tkt doctor`,
    )
  return ids
}

const countsOf = ({ title, nodes }: Block) => ({
  title,
  size: nodes.length,
  over: nodes.filter(({ state }) => state === 'done' || state === 'failed').length,
})
