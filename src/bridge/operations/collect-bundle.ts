/** Writes what became of published workers in the database back into their bundle. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { bundleField } from '../../bundles/model/ids.ts'
import { defineOperation } from '../../operation/define.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { choice, count, flag, word } from '../../operation/schema.ts'
import { collect } from '../collect.ts'
import type { BridgeContext } from '../context.ts'

export const collectBundle = defineOperation({
  name: 'collect-bundle',
  summary:
    'Write claims, evidence and results of published workers back into their bundle; what both sides changed is told by field.',
  capability: 'tkt-collect',
  effects: ['fs.read', 'fs.write', 'db.read', 'db.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    prefer: Optional(
      choice(['database', 'bundle'], 'whose word counts where both have changed; else both stay'),
    ),
    end: Optional(flag("end the publication: what is open, or over, is the bundle's alone again")),
    agent: Optional(word('who collects')),
    limit: Optional(count('at most so many tickets', 1)),
    offset: Optional(count('leave out so many tickets first')),
  }),
  output: Fields({
    bundle: String(),
    whole: Boolean(),
    changed: Integer(),
    counts: Unknown(),
    tickets: ListOf(Unknown()),
    shown: String(),
    next: Optional(String()),
    conflicts: ListOf(Unknown()),
    conflict_count: Integer(),
    missing: Optional(ListOf(String())),
    ended: Optional(Integer()),
    in_hand: Optional(ListOf(String())),
  }),
  verdict: 'whole',
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'BUNDLE_CLOSED', 'LOCK_TIMEOUT', 'DATABASE_UNAVAILABLE'],
  positional: ['bundle'],
  examples: ['collect-bundle B-001', 'collect-bundle B-001 --prefer database', 'collect-bundle B-001 --end'],
  run: async ({ bundle, prefer, end = false, agent, limit, offset }, context: BridgeContext) => {
    const {
      rows: tickets,
      conflicts,
      counts,
      missing,
      ended,
    } = await collect(context, bundle, {
      ...{ prefer, isEnd: end, agent },
    })
    const told = {
      ...{ bundle, whole: conflicts.length === 0 && missing.length === 0, changed: tickets.length, counts },
      conflicts: conflicts.slice(0, 5).map((one) => ({
        ...one,
        bundle: one.bundle && cut(one.bundle, 80),
        database: one.database && cut(one.database, 80),
      })),
      conflict_count: conflicts.length,
      ...(missing.length === 0 ? {} : { missing: missing.slice(0, 10) }),
      ...(ended === undefined ? {} : { ended: ended.ended, in_hand: ended.inHand.slice(0, 10) }),
    }
    const { rows, ...page } = pageOf(tickets, { limit, offset }, told)
    return { ...told, tickets: [...rows], ...page }
  },
})
