/** Decides whether a plan is small enough for an express ticket. */
import type { PlanLine } from './plan-lines.ts'

export type PlanRoute = 'bundle' | 'express'

interface RoutedTicket {
  readonly effort_estimate?: string
  readonly depends_on: readonly string[]
}

const longestExpress = 1200
const mostExpressLines = 20
const fence = /```|~~~/
const dependencyPhrase = /\b(?:depends[ _]on|after|requires|blocked by)\b/i
const effortPhrase = /\b(?:effort|estimate|time)\b[ \t]*[:=]?[ \t]*~?\d/i

/** Answers 'express' for one or two small tickets that wait for nothing; every other plan is a bundle. */
export function chooseRoute(
  text: string,
  lines: readonly PlanLine[],
  tickets: readonly RoutedTicket[],
): PlanRoute {
  // The length comes first: it bounds what the searches below may cost.
  const isSmall =
    text.length <= longestExpress &&
    text.split('\n').filter((line) => line.trim() !== '').length <= mostExpressLines &&
    tickets.length >= 1 &&
    tickets.length <= 2
  if (!isSmall) return 'bundle'
  const isPlain =
    ![fence, dependencyPhrase, effortPhrase].some((phrase) => phrase.test(text)) &&
    lines.filter((line) => line.kind === 'heading' && line.level >= 2).length <= 1 &&
    tickets.every((ticket) => ticket.depends_on.length === 0 && ticket.effort_estimate === undefined)
  return isPlain ? 'express' : 'bundle'
}
