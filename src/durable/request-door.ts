/** Names an act by the key that its sender gave it, if any, and says so where it was done before. */
import { requestOf, type Named } from '../operation/request-door.ts'
import type { Act } from './model/claiming.ts'

export async function namedAct(act: Act, operation: string, input: Named): Promise<Act> {
  const request = await requestOf(operation, input, act.session)
  return request === undefined ? act : { ...act, request }
}

/** What an answer says of it. */
export const replayedIn = ({ replayed }: { readonly replayed?: boolean }) =>
  replayed === true ? { replayed } : {}
