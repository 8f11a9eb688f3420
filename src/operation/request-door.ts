/** Names a command where its sender does, for every engine: whoever gives no name pays nothing for it. */
import { OperationError } from './errors.ts'
import type { Known, Request } from './request.ts'
import { formed } from './schema.ts'

/** `actions` names those of an operation of several: `claim, close: `. */
export const idempotencyField = (actions = '') =>
  formed(
    `${actions}names this command: sent again by the same session, it is done once and told the first answer`,
    '^[!-~]{1,200}$',
    'at most 200 visible characters without blanks',
  )

export interface Named {
  readonly idempotency_key?: string | undefined
  readonly session_id?: string | undefined
  readonly [field: string]: unknown
}

/** The same command is the same operation, by the same session, with the same input. */
export async function requestOf(
  operation: string,
  { idempotency_key: key, session_id: _, ...input }: Named,
  session: string | undefined,
): Promise<Request | undefined> {
  if (key === undefined) return undefined
  const { createHash } = await import('node:crypto') // takes 6 ms to load
  const fields = Object.entries(input).filter(([, value]) => value !== undefined)
  const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : 1))
  const what = JSON.stringify([operation, session ?? null, sorted])
  return { key, operation, print: createHash('sha256').update(what).digest('hex') }
}

/** How another command of that name is refused. */
export function refusedReuse({ key, operation, at_ms }: Omit<Known, 'told'>): OperationError {
  const at = new Date(at_ms).toISOString()
  const message = `--idempotency-key ${key} was given at ${at} to another ${operation}`
  return new OperationError('IDEMPOTENCY_KEY_REUSED', message, {
    field: 'idempotency_key',
    value: key,
    operation,
    at,
  })
}
