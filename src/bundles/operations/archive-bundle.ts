/** Puts a bundle aside for good: a closed one, or with a reason one that will not be finished. Its files stay. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Boolean, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { longText, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, requireBundle } from '../find.ts'
import { actorOf } from '../lease.ts'
import { isFinished, type Bundle } from '../model/bundle.ts'
import { bundleField } from '../model/ids.ts'
import { bundleLifecycle, ticketLifecycle } from '../model/lifecycles.ts'
import { listTicketIds } from '../store/layout.ts'
import { glanceAtTickets, loadBundles } from '../store/reading.ts'
import { editYaml } from '../store/yaml-file.ts'

export const archiveBundle = defineOperation({
  name: 'archive-bundle',
  summary:
    'Put a bundle aside: a closed one, or with a reason one that will not be finished. Nothing is deleted.',
  capability: 'tkt-archive',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    reason: Optional(longText('why; needed for a bundle that is not closed')),
    agent: Optional(word('who decides')),
  }),
  output: Fields({ archived: String(), from: String(), already_archived: Optional(Boolean()) }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'LOCK_TIMEOUT'],
  positional: ['bundle'],
  examples: ['archive --bundle B-001', 'archive --bundle B-002 --reason "the customer has left"'],
  run: async ({ bundle: id, reason, agent }, context: BundleContext) => {
    requireBundle(context, id)
    actorOf(context, { agent })
    return context.locked(id, async () => {
      const now = context.now()
      const { thing: bundle, file } = findBundle(context, id)
      const status = bundleLifecycle.next(bundle.status, 'archive')
      if (status === undefined) return { archived: id, from: bundle.status, already_archived: true }
      if (!isFinished(bundle) && reason === undefined) throw reasonMissing(bundle)
      await context.commit(
        {
          files: {
            [file.path]: editYaml(file, {
              status,
              archived_at: now,
              ticket_count: listTicketIds(context, id).length,
            }),
          },
          events: [
            {
              event: 'BUNDLE_ARCHIVED',
              fields: { bundle: id, from: bundle.status, to: status, agent, reason },
            },
          ],
        },
        now,
      )
      if (!isFinished(bundle)) warnOfWork(context, bundle)
      if (bundle.worktree_path !== undefined && existsSync(resolve(context.root, bundle.worktree_path)))
        context.warn(`${bundle.worktree_path} is still there: \`tkt worktree-status\` tells what is in it`)
      return { archived: id, from: bundle.status }
    })
  },
})

const reasonMissing = ({ id, status }: Bundle): OperationError =>
  new OperationError(
    'INPUT_INVALID',
    `--reason is missing: ${id} is ${status}, say why it will not be finished`,
    { missing: ['reason'] },
    'or finish it with `tkt close`',
  )

/** What a person should know who gives up a bundle: who works on it, and who waits for it. */
function warnOfWork(context: BundleContext, { id }: Bundle): void {
  const held = glanceAtTickets(context, id).things.filter(
    ({ status, claimed_by }) => claimed_by !== undefined && !ticketLifecycle.isFinal(status),
  )
  if (held.length > 0)
    context.warn(
      `tell those who work on it: ${told(held.map((one) => `${one.claimed_by ?? ''} (${one.id})`))}`,
    )
  const waiting = loadBundles(context).things.filter((one) => !isFinished(one) && one.depends_on.includes(id))
  if (waiting.length > 0)
    context.warn(`${told(waiting.map((one) => one.id))} came after it, and can be closed now`)
}

const told = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
