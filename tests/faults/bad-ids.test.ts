/** Ids that are none, through the command line: refused by name before they touch a path. */
import { describe, expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { refused } from './refusing.ts'

const TAKES_BUNDLE = [
  ['status'],
  ['show'],
  ['history'],
  ['close'],
  ['generate-review'],
  ['reopen', '--reason', 'r'],
  ['archive', '--reason', 'r'],
  ['edit', '--title', 't'],
  ['graph'],
  ['verify'],
  ['show-review'],
  ['worktree-status'],
  ['worktree-prune'],
  ['roadmap-goal', 'unlink'],
  ['batch-update', '--status', 'failed', '--tickets', 'TKT-001'],
  ['add', '--title', 't'],
  ['claim', '--ticket', 'TKT-001', '--agent', 'a'],
  ['update', '--ticket', 'TKT-001', '--status', 'done'],
]
const NO_BUNDLES = [
  '../evil',
  'B-001/../B-002',
  'b-001',
  'B-1',
  'B-0000000001',
  '.',
  'B-001\nB-002',
  'B-٠٠١',
  'x'.repeat(10_000),
]

describe('an id of the wrong form', () => {
  test.each(TAKES_BUNDLE)('%s: is refused whatever it looks like', async (command, ...rest) => {
    const project = await startBundle(1)
    for (const id of NO_BUNDLES) {
      const { code, json } = refused(project, [command, ...rest, '--bundle', id])
      expect([id, code, json.error, json.details]).toMatchObject([
        id,
        2,
        'INPUT_INVALID',
        { field: 'bundle' },
      ])
      expect(json.message).toMatch(
        /^--bundle must be (a bundle id such as B-001|at most 200 characters long), got "/,
      )
      expect(String(json.message).length).toBeLessThan(250)
    }
  })

  test.each(['../TKT-001', 'TKT-001.yaml', 'tkt-001', 'TKT-1', 'EXP-001/..', 'TKT-A000', 'bundle', '..'])(
    'a ticket %s is refused',
    async (ticket) => {
      const project = await startBundle(1)
      for (const words of [
        ['claim', '--agent', 'a'],
        ['update', '--status', 'failed'],
        ['show'],
        ['edit', '--title', 't'],
        ['release', '--agent', 'a'],
        ['verify'],
        ['reopen', '--reason', 'r'],
      ]) {
        const { code, json } = refused(project, [...words, '--bundle', 'B-001', '--ticket', ticket])
        expect([code, json.error, json.details]).toMatchObject([2, 'INPUT_INVALID', { field: 'ticket' }])
      }
      const { code, json } = refused(project, ['express', 'claim', ticket, '--agent', 'a'])
      expect([code, json.error, json.details]).toMatchObject([2, 'INPUT_INVALID', { field: 'ticket_id' }])
    },
  )

  test('an empty one counts as missing, one with NUL is refused', async () => {
    const project = await startBundle(1)
    expect(refused(project, ['status', '--bundle', '']).json).toMatchObject({
      error: 'INPUT_INVALID',
      details: { missing: ['bundle'] },
    })
    const nul = refused(project, ['status', '--input-json', JSON.stringify({ bundle: 'B-001\0' })])
    expect(nul.json).toMatchObject({
      error: 'INPUT_INVALID',
      details: { field: 'bundle' },
      message: expect.stringMatching(/NUL/) as string,
    })
  })
})
