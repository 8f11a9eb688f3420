/** Names a command where its sender does: whoever gives no name pays nothing for it. */
import type { Act } from './model/claiming.ts'
import type { Request } from './model/request.ts'

interface Input {
  readonly idempotency_key?: string | undefined
  readonly session_id?: string | undefined
  readonly [field: string]: unknown
}

/** The same command is the same operation, by the same session, with the same input. */
export async function requestOf(
  operation: string,
  { idempotency_key: key, session_id: _, ...input }: Input,
  session: string | undefined,
): Promise<Request | undefined> {
  if (key === undefined) return undefined
  const { createHash } = await import('node:crypto') // takes 6 ms to load
  const fields = Object.entries(input).filter(([, value]) => value !== undefined)
  const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : 1))
  const what = JSON.stringify([operation, session ?? null, sorted])
  return { key, operation, print: createHash('sha256').update(what).digest('hex') }
}

export async function namedAct(act: Act, operation: string, input: Input): Promise<Act> {
  const request = await requestOf(operation, input, act.session)
  return request === undefined ? act : { ...act, request }
}

/** What an answer says of it. */
export const replayedIn = ({ replayed }: { readonly replayed?: boolean }) =>
  replayed === true ? { replayed } : {}
