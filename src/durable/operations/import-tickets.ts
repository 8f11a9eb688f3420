/** Takes over tickets that another program left in the database. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { choice, flag } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { importing } from '../importing.ts'
import { takeOver } from '../model/published-task.ts'

const MOST_TOLD = 10

export const importTickets = defineOperation({
  name: 'import-tickets',
  summary: 'Take over the tickets of the published program from its table.',
  capability: 'tkt-import',
  effects: ['db.read', 'db.write'],
  input: Fields({
    from: choice(['agent_tasks'], 'the table they are in'),
    dry_run: Optional(flag('tell, and write nothing')),
  }),
  output: Fields({
    source: String(),
    dry_run: Boolean(),
    found: Integer(),
    imported: Integer(),
    known: Integer(),
    tickets: ListOf(String()),
    skipped: ListOf(Unknown()),
    skipped_count: Integer(),
  }),
  errors: ['DATABASE_UNAVAILABLE', 'IMPORT_REFUSED'],
  positional: ['from'],
  examples: ['import --from agent_tasks --dry-run', 'import --from agent_tasks'],
  run: async ({ from, dry_run = false }, context: DurableContext) => {
    const [now_ms, terms] = [context.now_ms(), context.terms()]
    const { found, taken, skipped } = await importing(from, () =>
      context.withKeeper((keeper) =>
        keeper.takeOver({ judge: (tasks) => takeOver(tasks, now_ms, terms), now_ms, dry_run }),
      ),
    )
    return {
      ...{ source: from, dry_run, found, imported: taken.length },
      known: found - taken.length - skipped.length,
      ...{ tickets: taken.slice(0, MOST_TOLD), skipped: skipped.slice(0, MOST_TOLD) },
      skipped_count: skipped.length,
    }
  },
})
