/** A command that bears a key: it is known again by a record of its own, once the store has what came of it. */
import { refusedReuse, requestOf, type Named } from '../operation/request-door.ts'
import type { Request } from '../operation/request.ts'
import { uniqueName } from '../system/files.ts'
import type { BundleContext } from './context.ts'
import { hashOf } from './model/history-chain.ts'
import { integerOf, mapOf, textOf } from './model/raw.ts'
import type { StoreChange } from './store/commit.ts'
import { recall, remember, type Kept } from './store/requests.ts'
import { readYamlFile } from './store/yaml-source.ts'

/** See once. */
export async function doUnderKey<Told extends object>(
  context: BundleContext,
  operation: string,
  input: Named,
  work: (context: BundleContext) => Promise<Told>,
): Promise<Told & { readonly replayed?: boolean }> {
  const request = await requestOf(operation, input, input.session_id ?? context.session_id)
  if (request === undefined) return work(context)
  // A few for all keys, as locks stay: two commands that meet at one wait for each other, and no more.
  return context.locked(`requests-${hashOf(request.key).slice(0, 2)}`, () => {
    const kept = recall(context, request)
    if (kept === undefined) return work(keeping(context, request))
    if (kept.print !== request.print) throw refusedReuse(kept)
    const told = JSON.parse(kept.told) as Told // of the same operation
    warnIfOver(context, kept, told)
    return { ...told, replayed: true }
  })
}

/** The record comes first. It says where to look for its mark, should nobody live to say that the change was made. */
function keeping(context: BundleContext, request: Request): BundleContext {
  const mark = uniqueName()
  return {
    ...context,
    mark: { request: mark },
    commit: async (change, now) => {
      const told = JSON.stringify(change.told)
      const file = commitPointOf(change).slice(context.store.length + 1)
      const confirm = remember(context, { ...request, at_ms: Date.parse(now), told, mark, file })
      await context.commit(change, now)
      confirm()
    },
  }
}

/** The file that a change puts in place last. */
function commitPointOf({ folders = {}, creations = {}, files = {} }: StoreChange): string {
  const bundles = Object.keys(folders).map((folder) => `${folder}/bundle.yaml`)
  return [...bundles, ...Object.keys(creations), ...Object.keys(files)].at(-1) ?? ''
}

/** Of a claim whose ticket moved on: there is nothing to go on with. */
function warnIfOver(context: BundleContext, { file }: Kept, told: { readonly claim_no?: unknown }): void {
  if (told.claim_no === undefined) return
  const read = readYamlFile(`${context.store}/${file}`)
  const ticket = mapOf(read?.ok === true ? read.value.value : undefined)
  const [status = 'gone', claim_no] = [textOf(ticket?.status), integerOf(ticket?.claim_no)]
  if (told.claim_no === claim_no && STANDING.includes(status)) return
  context.warn(`the claim that is told again is over: its ticket is ${status}, at claim ${claim_no ?? 0}`)
}

const STANDING: readonly string[] = ['claimed', 'in_progress', 'blocked']
