/** The style of text and output that the public tests and the callers of the published tool pin. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import { published } from '../support/published.ts'
import { tkt } from '../support/tkt.ts'

const B = ['--bundle', 'B-001'] as const

function started() {
  const project = published(projectFolder())
  project.ok('init-roadmap', '--project', 'demo')
  project.ok('create-bundle', '--goal', 'Ship it')
  return project
}

const PLANNED = [
  ...['--category', 'quick', '--effort-estimate', '30m'],
  ...['--source-plan', 'plan.md', '--source-ticket-index', '2'],
]

describe('the text of a new ticket', () => {
  test('has the pinned lines after add', () => {
    const project = started()
    const lists = [
      '--skills',
      'skill-system-tkt, skill-system-review',
      '--qa-scenarios',
      'happy path,empty',
      '--wave',
      '1',
    ]
    project.ok('add', ...B, '--title', 'Count hits', '--depends-on', 'TKT-001,TKT-003', ...PLANNED, ...lists)
    const text = project.text('bundles/B-001/TKT-001.yaml')
    for (const line of [
      'category: "quick"',
      'effort_estimate: "30m"',
      'source_plan: "plan.md"',
      'source_ticket_index: 2',
      'wave: 1',
      '  - "TKT-001"',
      '  - "TKT-003"',
      '  - "skill-system-tkt"',
      '  - "skill-system-review"',
      '  - "happy path"',
    ])
      expect(text.split('\n')).toContain(line)
  })

  test('has the pinned lines after express create', () => {
    const project = published(projectFolder())
    project.ok('express', 'create', '--title', 'Fix a typo', '--acceptance', 'it reads well', ...PLANNED)
    const lines = project.text('express/EXP-001.yaml').split('\n')
    for (const line of [
      'category: "quick"',
      'effort_estimate: "30m"',
      'source_plan: "plan.md"',
      'source_ticket_index: 2',
      '  - "it reads well"',
    ])
      expect(lines).toContain(line)
  })

  test('keeps skills, wave and scenarios as lists and a number', () => {
    const project = started()
    project.ok('add', ...B, '--title', 'a', '--skills', 'a,b', '--wave', '2', '--qa-scenarios', 'x, y')
    const ticket = project.read('bundles/B-001/TKT-001.yaml')
    expect([ticket.skills, ticket.wave, ticket.qa_scenarios]).toEqual([['a', 'b'], 2, ['x', 'y']])
  })

  test('depends on itself or on what is not there without being refused', () => {
    const project = started()
    expect(project.ok('add', ...B, '--title', 'a', '--depends-on', 'TKT-001,TKT-003')).toMatchObject({
      ticket_id: 'TKT-001',
    })
    expect(project.read('bundles/B-001/TKT-001.yaml').depends_on).toEqual(['TKT-001', 'TKT-003'])
    project.ok('claim', ...B, '--ticket', 'TKT-001', '--agent', 'alice')
  })
})

describe('the answer', () => {
  test('is one compact line with the published fields first', () => {
    const project = started()
    const { stdout } = project.run('add', ...B, '--title', 'a')
    expect(stdout).toBe('{"ok":true,"ticket_id":"TKT-001","bundle":"B-001"}\n')
    expect(project.run('claim', ...B, '--ticket', 'TKT-001', '--agent', 'alice').stdout).toMatch(
      /^\{"ok":true,"claimed":true,"ticket":"TKT-001","role":"worker","agent":"alice",/,
    )
    expect(project.run('update', ...B, '--ticket', 'TKT-001', '--status', 'failed').stdout).toBe(
      '{"ok":true,"ticket_id":"TKT-001","new_status":"failed"}\n',
    )
  })

  test('of an error is one compact line on standard output, too', () => {
    const project = started()
    const { code, stdout, stderr } = project.run('claim', ...B, '--ticket', 'TKT-009', '--agent', 'alice')
    expect([code, stderr]).toEqual([3, ''])
    expect(stdout).toMatch(
      /^\{"ok":false,"status":"error","error":"TICKET_NOT_FOUND","error_code":"SK-TKT-002",.*\}\n$/,
    )
  })

  test.each([
    ['an unknown command', ['destroy'], 'SK-CLI-002'],
    ['an unknown action of express', ['express', 'destroy'], 'SK-CLI-002'],
    ['a missing option', ['create-bundle'], 'SK-TKT-014'],
    ['an option at the end without its value', ['create-bundle', '--goal'], 'SK-TKT-014'],
  ])('of %s is an error with its code', (_, args, code) => {
    const project = started()
    project.refused(code, ...args)
  })

  test('takes the names of the documents for the commands, too', () => {
    const project = started()
    project.ok('add-ticket', ...B, '--title', 'a')
    project.ok('bundle-status', ...B)
    project.ok('list-bundles')
    project.refused('SK-TKT-035', 'update-ticket', ...B, '--ticket', 'TKT-001', '--status', 'in_progress')
    project.refused('SK-TKT-019', 'close-bundle', ...B)
  })

  test('of list and status keeps quotes and line breaks of a title, and null is null', () => {
    const project = started()
    const title =
      'say "hi"\nand \\ go, for a very long time: longer than the eighty characters at which a dump would fold it'
    project.ok('add', ...B, '--title', title)
    const status = project.ok('status', ...B)
    expect(status.main_agent).toBeNull()
    expect(at(status, 'tickets.1')).toMatchObject({ title, claimed_by: null })
    expect(project.ok('list')).toMatchObject({ bundles: [{ id: 'B-001', status: 'open', title: 'Ship it' }] })
  })

  test('of the last of repeated options counts; an empty value means not given', () => {
    const project = started()
    project.ok('create-bundle', '--goal', 'first', '--goal', 'second', '--track', '', '--priority', '')
    expect(project.read('bundles/B-002/bundle.yaml')).toMatchObject({
      title: 'second',
      track: null,
      priority: 'normal',
    })
  })

  test('of a value that begins with dashes takes it as the value', () => {
    const project = started()
    project.ok('add', ...B, '--title', '--help me--')
    expect(project.read('bundles/B-001/TKT-001.yaml')).toMatchObject({ title: '--help me--' })
  })
})

test('history has the published lines, with ours behind them', () => {
  const project = started()
  project.ok('add', ...B, '--title', 'Count hits')
  project.ok('claim', ...B, '--ticket', 'TKT-001', '--agent', 'alice')
  project.ok('update', ...B, '--ticket', 'TKT-001', '--status', 'done', '--evidence', 'seen')
  project.ok('roadmap-transition', '--stage', 'active', '--reason', 'bundles created')
  const lines = [
    'INIT project=demo',
    'BUNDLE_CREATED id=B-001 goal="Ship it"',
    'TICKET_ADDED bundle=B-001 ticket=TKT-001 title="Count hits"',
    'TICKET_CLAIMED bundle=B-001 ticket=TKT-001 agent=alice role=worker',
    'TICKET_UPDATED bundle=B-001 ticket=TKT-001 status=done agent=alice',
    'ROADMAP_TRANSITION from=planning to=active reason="bundles created" track=all',
  ].map((line) => `\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\] ${line}( [a-z_]+=\\S+)+\n`)
  expect(project.text('history.log')).toMatch(new RegExp(`^${lines.join('')}$`))
})

test.each([
  [{ USER: '', LOGNAME: 'maria', USERNAME: 'other' }, 'maria'],
  [{ USER: '', LOGNAME: '', USERNAME: '' }, userInfo().username],
])('history says who, where nobody gave a name: with %j it is %s', (env, user) => {
  const root = projectFolder()
  expect(tkt(['init-roadmap', 'demo'], { cwd: root, env }).code).toBe(0)
  expect(readFileSync(join(root, '.tkt/history.log'), 'utf8')).toContain(` user=${user} prev=`)
})
