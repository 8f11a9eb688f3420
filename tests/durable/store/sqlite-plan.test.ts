/** How the embedded database finds what a claim looks for. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BEST } from '../../../src/durable/store/sqlite/best.ts'
import { openDatabase } from '../../../src/durable/store/sqlite/database.ts'
import { projectFolder } from '../../support/project.ts'

test.each([
  ['anywhere', BEST.anywhere.any, 'tickets_ready (project=?)'],
  ['in a channel', BEST.anywhere.inChannel, 'tickets_ready (project=?)'],
  ['in a batch', BEST.inBatch.any, 'tickets_turn (batch=?)'],
  ['in a channel of a batch', BEST.inBatch.inChannel, 'tickets_turn (batch=?)'],
])('what is free %s is found in its order, and looked at one by one', async (_where, statement, index) => {
  const database = await openDatabase(join(projectFolder(), 'tickets.db'))
  const plan = database.all(`EXPLAIN QUERY PLAN ${statement}`).map(({ detail }) => String(detail))
  database.close()
  const free = plan.slice(plan.indexOf('MATERIALIZE free'), plan.indexOf('SCAN free'))
  expect(free).toContain(`SEARCH t USING INDEX ${index}`)
  expect(free).toContain('SEARCH w USING INDEX tickets_wave (batch=? AND <expr><?)')
  expect(free).not.toContain('USE TEMP B-TREE FOR ORDER BY')
})
