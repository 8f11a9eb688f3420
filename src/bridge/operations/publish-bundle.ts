/** Puts the workers of a bundle into the database: from then on claims are arbitrated there, for any number of machines. */
import { Array as ListOf, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { bundleField } from '../../bundles/model/ids.ts'
import { defineOperation } from '../../operation/define.ts'
import { pageOf } from '../../operation/page.ts'
import { count, flag, word } from '../../operation/schema.ts'
import type { BridgeContext } from '../context.ts'
import { publish } from '../publish.ts'

export const publishBundle = defineOperation({
  name: 'publish-bundle',
  summary:
    'Put the workers of a bundle into the database, where sessions on any machine claim them; again, to tell what was changed.',
  capability: 'tkt-publish',
  effects: ['fs.read', 'fs.write', 'db.read', 'db.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    dry_run: Optional(flag('tell, and write nothing')),
    agent: Optional(word('who publishes')),
    limit: Optional(count('at most so many differences', 1)),
    offset: Optional(count('leave out so many differences first')),
  }),
  output: Fields({
    bundle: String(),
    batch_id: String(),
    published: Integer(),
    updated: Integer(),
    unchanged: Integer(),
    kept: ListOf(Unknown()),
    kept_count: Integer(),
    differences: ListOf(Unknown()),
    shown: String(),
    next: Optional(String()),
  }),
  errors: [
    'NOT_INITIALISED',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'LOCK_TIMEOUT',
    'TRANSITION_REFUSED',
    'DATABASE_UNAVAILABLE',
  ],
  positional: ['bundle'],
  examples: ['publish-bundle B-001', 'publish-bundle B-001 --dry-run'],
  run: async ({ bundle, dry_run: isDryRun = false, agent, limit, offset }, context: BridgeContext) => {
    const { differences, kept, ...counts } = await publish(context, bundle, { isDryRun, agent })
    const told = { bundle, batch_id: bundle, ...counts, kept: kept.slice(0, 5), kept_count: kept.length }
    const { rows, ...page } = pageOf(differences, { limit, offset }, told)
    return { ...told, differences: [...rows], ...page }
  },
})
