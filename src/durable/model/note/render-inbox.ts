/** Writes the points of a review as the inbox section of a note, in the form that the inbox is read in. */
import { isNothing, isPlaceholder, oneLine } from './words.ts'

export interface ReviewPoints {
  readonly batch_id?: string | undefined
  /** To be decided before anybody works on them: they ask for BLOCKED. */
  readonly discussion_points: readonly ReviewPoint[]
  /** Work: they ask for OPEN, and stand first. */
  readonly next_actions: readonly ReviewPoint[]
}

/** A title, or one with a summary; texts are written in one line. */
export type ReviewPoint = string | { readonly title: string; readonly summary?: string | undefined }

/** The whole section, with its heading. Points without words are left out; without any the section is empty. */
export function renderInbox({ batch_id, discussion_points, next_actions }: ReviewPoints): string {
  const actions = next_actions.flatMap((point) => spoken(point, 'OPEN'))
  const points = [...actions, ...discussion_points.flatMap((point) => spoken(point, 'BLOCKED'))]
  if (points.length === 0) return '## Review Agent Inbox\n'
  const id = oneLine(batch_id ?? '')
  const prefix = ['RV', id.replaceAll(/[^A-Za-z0-9]/g, '').slice(-3)].filter((part) => part !== '').join('-')
  const blocks = points.flatMap(({ title, summary, status }, index) => [
    `### ${prefix}-${String(index + 1).padStart(3, '0')}`,
    `- title: ${title}`,
    `- summary: ${summary}`,
    '- ticket_type: WORKER',
    `- requested_status: ${status}`,
    `- queue_order: ${index + 1}`,
  ])
  const head = ['## Review Agent Inbox', '# TICKET_BATCH', ...(id === '' ? [] : [`batch_id: ${id}`])]
  return [...head, 'mode: review', 'status: READY', '## TICKETS', ...blocks, ''].join('\n')
}

function spoken(point: ReviewPoint, status: 'OPEN' | 'BLOCKED') {
  const { title, summary } = typeof point === 'string' ? { title: point, summary: undefined } : point
  const words = oneLine(title)
  if (isNothing(words) || isPlaceholder(words)) return []
  return [{ title: words, summary: oneLine(summary ?? '') || words, status }]
}
