import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, openProject, type Project } from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const TICKET = '.tkt/express/EXP-001.yaml'

async function created(count = 1): Promise<Project> {
  const project = openProject(projectFolder())
  for (let number = 1; number <= count; number += 1) {
    await project.ok('express', {
      action: 'create',
      title: `Fix typo ${number}`,
      acceptance: 'it reads well',
    })
  }
  return project
}

describe('express create', () => {
  test('works without a roadmap: starts the store, writes ticket and history', async () => {
    const project = openProject(projectFolder())
    expect(await project.run('express', { title: 'Fix a typo', acceptance: 'it reads well' })).toEqual({
      ok: true,
      ticket_id: 'EXP-001',
      path: join(project.root, TICKET),
      status: 'open',
    })
    expect(project.history()).toEqual(['EXPRESS_CREATED ticket=EXP-001 title="Fix a typo" to=open'])
    expect(Object.entries(project.yaml(TICKET))).toEqual([
      ['id', 'EXP-001'],
      ['type', 'express'],
      ['title', 'Fix a typo'],
      ['description', 'Fix a typo'],
      ['acceptance_criteria', ['it reads well']],
      ['status', 'open'],
      ['claimed_by', null],
      ['claimed_at', null],
      ['completed_at', null],
      ['created_at', '2026-03-01T12:00:00Z'],
      ['updated_at', '2026-03-01T12:00:00Z'],
      ['category', null],
      ['effort_estimate', null],
      ['agent_type', null],
      ['wave', null],
      ['source_plan', null],
      ['source_ticket_index', null],
      ['result', { summary: null, artifacts: [], notes: null, evidence: null }],
      ['transition_log', []],
    ])
  })

  test('keeps every field in the published style of text', async () => {
    const project = openProject(projectFolder())
    const raw = {
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'deep',
      wave: '1',
      source_plan: 'plan.md',
      source_ticket_index: '2',
    }
    await project.ok('express', { title: 'Fix "it"', acceptance: ['a', 'b'], ...raw })
    for (const line of [
      'category: "quick"',
      'effort_estimate: "30m"',
      'agent_type: "deep"',
      'wave: 1',
      'source_plan: "plan.md"',
      'source_ticket_index: 2',
      'acceptance_criteria:\n  - "a"\n  - "b"',
    ])
      expect(project.text(TICKET)).toContain(`${line}\n`)
  })

  test('tells of inputs that mean nothing to it', async () => {
    const project = openProject(projectFolder())
    const raw = { title: 'x', acceptance: 'y', evidence: 'z', files_changed: 2 }
    expect(await project.run('express', raw)).toMatchObject({
      status: 'open',
      warnings: ['express create has no use for --files-changed, --evidence'],
    })
  })

  test('numbers after the greatest number there is', async () => {
    const project = await created()
    project.write({
      '.tkt/express/EXP-1009.yaml': 'title: x\nstatus: done\n',
      '.tkt/express/EXP-draft.yaml': '',
    })
    expect(await project.run('express', { title: 'x', acceptance: 'y' })).toMatchObject({
      ticket_id: 'EXP-1010',
    })
  })

  test.each([
    ['no title', { acceptance: 'y' }, 'INPUT_INVALID', 'SK-TKT-014', /--title is missing/],
    ['no acceptance', { title: 'x' }, 'INPUT_INVALID', 'SK-TKT-014', /--acceptance is missing/],
    [
      'half a command',
      { title: 'x', acceptance: '{type: command}' },
      'INPUT_INVALID',
      'SK-TKT-014',
      /run must be/,
    ],
    [
      'an unknown action',
      { action: 'destroy' },
      'UNKNOWN_COMMAND',
      'SK-CLI-002',
      /no action "destroy": create, list/,
    ],
    ['an action every object has', { action: 'constructor' }, 'UNKNOWN_COMMAND', 'SK-CLI-002', /./],
  ])('refuses %s, and starts no store', async (_, raw, error, code, message) => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('express', raw), error, code, message)
    expect(project.has('.tkt')).toBe(false)
  })

  test('refuses a file in the way, and a lock that is held too long', async () => {
    const project = openProject(projectFolder())
    const raw = { title: 'x', acceptance: 'y' }
    expectRefusal(
      await project.whileLocked('express', () => project.run('express', raw)),
      'LOCK_TIMEOUT',
      'SK-TKT-017',
    )
    await project.ok('express', raw)
    project.write({ '.tkt/express/EXP-999999999.yaml': '', '.tkt/express/EXP-1000000000.yaml': 'mine' })
    await expectNoChange(project, async () => {
      expectRefusal(await project.run('express', raw), 'CHANGED_MEANWHILE', 'SK-TKT-041')
    })
  })
})

describe('express list', () => {
  test('lists the newest first', async () => {
    const project = await created(2)
    await project.ok('express', { action: 'close', ticket_id: 'EXP-001', evidence: 'seen' })
    await expectNoChange(project, async () => {
      expect(await project.run('express', { action: 'list' })).toEqual({
        ok: true,
        tickets: [
          {
            id: 'EXP-002',
            status: 'open',
            title: 'Fix typo 2',
            category: null,
            created_at: '2026-03-01T12:00:00Z',
            completed_at: null,
          },
          {
            id: 'EXP-001',
            status: 'done',
            title: 'Fix typo 1',
            category: null,
            created_at: '2026-03-01T12:00:00Z',
            completed_at: '2026-03-01T12:00:00Z',
          },
        ],
        shown: 'shown 2 of 2',
      })
    })
  })

  test('is empty where no store is, and starts none', async () => {
    const project = openProject(projectFolder())
    expect(await project.run('express', { action: 'list' })).toEqual({
      ok: true,
      tickets: [],
      shown: 'shown 0 of 0',
      warnings: [expect.stringMatching(/^there is no .*\.tkt: nothing was ever started/)],
    })
    expect(project.has('.tkt')).toBe(false)
  })

  test('shows pages below 2 KB, or as many as asked', async () => {
    const project = await created(25)
    const answer = await project.ok('express', { action: 'list' })
    expect(JSON.stringify(answer).length).toBeLessThan(2048)
    expect(answer).toMatchObject({
      shown: expect.stringMatching(/^shown \d+ of 25$/) as string,
      next: expect.any(String) as string,
    })
    expect((await project.ok('express', { action: 'list', limit: 25 })).tickets).toHaveLength(25)
    expect(await project.ok('express', { action: 'list', limit: 2, offset: 24 })).toMatchObject({
      tickets: [{ id: 'EXP-001' }],
      shown: 'shown 1 of 25',
    })
  })

  test('a ticket that cannot be read hides no other', async () => {
    const project = await created()
    project.write({ '.tkt/express/EXP-002.yaml': 'title: ok\nstatus: "open\n' })
    expect(await project.ok('express', { action: 'list' })).toMatchObject({
      tickets: [{ id: 'EXP-001' }],
      unreadable_count: 1,
      unreadable: [{ id: 'EXP-002', reason: expect.stringMatching(/line \d/) as string }],
    })
  })
})
