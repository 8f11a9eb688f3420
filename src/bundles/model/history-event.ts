/** One line of history.log: written so that no text can forge a second line, and read back whole. */

/** The published events (contracts: filesystem section 4.7), ours behind them. */
export const EVENTS = [
  'INIT',
  'BUNDLE_CREATED',
  'TICKET_ADDED',
  'TICKET_CLAIMED',
  'TICKET_UPDATED',
  'BUNDLE_CLOSED',
  'EXPRESS_CREATED',
  'EXPRESS_CLAIMED',
  'EXPRESS_UPGRADED',
  'EXPRESS_CLOSED',
  'ROADMAP_TRANSITION',
  'TICKET_RELEASED',
  'EXPRESS_RELEASED',
  'TICKET_REOPENED',
  'BUNDLE_REOPENED',
  'BUNDLE_ARCHIVED',
  'EXPRESS_REOPENED',
  'REVIEW_GENERATED',
  'GOAL_ADDED',
  'BUNDLE_LINKED',
  'TICKET_EDITED',
  'BUNDLE_EDITED',
  'EXPRESS_EDITED',
  'REPAIRED',
  'WORKTREE_PRUNED',
  'BUNDLE_PUBLISHED',
  'BUNDLE_COLLECTED',
] as const

export type HistoryEventName = (typeof EVENTS)[number]

export interface HistoryEvent {
  readonly event: HistoryEventName
  readonly fields: Readonly<Record<string, string | number | undefined>>
}

export interface HistoryRow {
  readonly at: string
  readonly event: string
  readonly fields: Readonly<Record<string, string>>
}

/** `[<ts>] EVENT key=value …`; texts are quoted as JSON, so a newline or a quote in a title stays inside its field. */
export function formatEvent({ event, fields }: HistoryEvent, now: string): string {
  const parts = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [`${key}=${QUOTED.includes(key) ? quote(String(value)) : bare(String(value))}`],
  )
  return [`[${now}]`, event, ...parts].join(' ')
}

/** Fields that are always quoted, as published. */
const QUOTED: readonly string[] = ['title', 'goal', 'reason']

// Not \p{Cc}, which takes a tenth of a millisecond to look up.
const bare = (text: string): string =>
  /^[^\s\u0000-\u001f\u007f-\u009f"=\\]+$/.test(text) ? text : quote(text)

/** Some readers take more than a newline for the end of a line (Python: also NEL, LS and PS). */
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Whether parseEvent reads something of it. */
export const isEventLine = (line: string): boolean => EVENT_LINE.test(line)

const EVENT_LINE = /^\[([^\]]{1,40})\] ([A-Z_]{1,40})(?= |$)/u

/**
 * Reads a line back, without what only chains it to others; undefined for what is no event line. Old lines with unescaped
 * quotes are read as far as they go.
 */
export function parseEvent(line: string): HistoryRow | undefined {
  const head = EVENT_LINE.exec(line)
  if (head === null) return undefined
  const [begin, at = '', event = ''] = head
  const rest = line.slice(begin.length)
  const fields: Record<string, string> = {}
  for (const [, key = '', quoted, word] of rest.matchAll(/([a-z_]+)=(?:("(?:[^"\\]|\\.)*")|(\S*))/gu)) {
    if (!CHAIN_FIELDS.includes(key)) fields[key] = quoted === undefined ? (word ?? '') : unquote(quoted)
  }
  return { at, event, fields }
}

const CHAIN_FIELDS: readonly string[] = ['prev', 'hash']

function unquote(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text.slice(1, -1) // the published tool did not escape: take the text as it stands
  }
}
