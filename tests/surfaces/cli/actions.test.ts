import { describe, expect, test } from 'vitest'
import { findRow, registry } from '../../../src/registry.ts'
import { optionsFor } from '../../../src/surfaces/cli/actions.ts'
import { projectFolder } from '../../support/project.ts'
import { tkt } from './tkt.ts'

const ACTIONS = ['create', 'list', 'claim', 'close']

describe('the options of an action', () => {
  test.each(ACTIONS)('express %s has a use for all of its own, and for no other', async (action) => {
    const operation = await findRow('express')?.load()
    if (operation === undefined) throw new Error('no express')
    const all = optionsFor(operation, []).options.map(({ name }) => name)
    const own = optionsFor(operation, [action]).options.map(({ name }) => name)
    const idle = all.filter((name) => name !== 'action' && !name.endsWith('_file') && !own.includes(name))
    expect(await complaint(action, own)).toBe('')
    for (const name of idle) expect(await complaint(action, [...own, name])).toContain('no use for')
  })

  test('are all options where no word names an action, and where there are no actions', async () => {
    for (const row of registry) {
      const operation = await row.load()
      for (const word of ['why', 'B-001']) {
        const { options, action } = optionsFor(operation, [word])
        expect({ options, action }).toEqual({ ...optionsFor(operation, []), action: undefined })
      }
    }
  })
})

/** What express warns of when these options are given. */
async function complaint(action: string, names: readonly string[]): Promise<string> {
  const ticket = TICKETS[action] ?? ''
  const cwd = projectFolder({ '.tkt/express/EXP-001.yaml': ticket })
  const given = names.filter((name) => !name.endsWith('_file'))
  const input = { action, ...Object.fromEntries(given.map((name) => [name, VALUES[name] ?? 'x'])) }
  const { json } = await tkt(['express', '--input-json', JSON.stringify(input)], { cwd })
  expect(json).toMatchObject({ ok: true })
  return Array.isArray(json.warnings) ? json.warnings.join(' ') : ''
}

const VALUES: Readonly<Record<string, unknown>> = {
  ticket_id: 'EXP-001',
  agent: 'ada',
  wave: 1,
  source_ticket_index: 1,
  files_changed: 1,
  claim_no: 1,
  take_over: true,
  limit: 1,
  offset: 0,
}

const EXPRESS = 'id: EXP-001\ntitle: Fix\nacceptance_criteria: [x]\n'
const TICKETS: Readonly<Record<string, string>> = {
  claim: `${EXPRESS}status: open\n`,
  close: `${EXPRESS}status: claimed\nclaimed_by: ada\nclaim_no: 1\n`,
}
