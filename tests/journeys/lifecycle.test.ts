/** Whole stories through the built command line, one for each who works with it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { at, rowsAt } from '../support/bundles.ts'
import { projectFolder, writeFiles } from '../support/project.ts'
import { standingIn, type Commands } from '../support/published.ts'

const B1 = ['--bundle', 'B-001'] as const
const PLAN = `# Ship the URL shortener
## Wave 1
- [ ] Slugs (effort: 30m)
  - acceptance: {type: command, run: "test -f slugs.txt"}
- [ ] Storage
## Wave 2
- [ ] Redirects (depends on Slugs)
`

function work(said: Commands['ok'], bundle: string, ticket: string, agent: string): void {
  said('claim', bundle, ticket, agent)
  said('update', bundle, ticket, 'done', '--agent', agent, '--evidence', `${ticket} was tried by ${agent}`)
}

/** A project whose bundle B-001 has these workers, each with the commands that must hold. */
function bundleOf(...workers: readonly (readonly string[])[]): { readonly root: string } & Commands {
  const root = projectFolder()
  const commands = standingIn(root)
  commands.ok('init-roadmap', 'demo')
  commands.ok('create-bundle', '--goal', 'Ship it')
  for (const [index, run] of workers.entries())
    commands.ok('add', ...B1, '--title', `Part ${index + 1}`, ...run.flatMap((command) => ['--run', command]))
  return { root, ...commands }
}

test('a project manager turns a plan into a bundle and follows it', () => {
  const root = projectFolder({ 'docs/plan.md': PLAN })
  const { ok } = standingIn(root)
  ok('init-roadmap', '--project', 'URL shortener')
  const preview = ok('create-bundle', '--source-plan', 'docs/plan.md', '--dry-run')
  expect(rowsAt(preview, 'planned').map(({ title, wave }) => [title, wave])).toEqual([
    ['Slugs', 1],
    ['Storage', 1],
    ['Redirects', 2],
  ])
  expect(ok('list').bundles).toEqual([])
  expect(ok('create-bundle', '--source-plan', 'docs/plan.md', '--track', 'core')).toMatchObject({
    ticket_count: 5,
  })
  ok('roadmap-transition', 'active', '--reason', 'the first bundle is there')
  expect(ok('roadmap-status')).toMatchObject({ stage: 'active', bundles: { total: 1, open: 1 } })
  expect(ok('status', 'B-001')).toMatchObject({ title: 'Ship the URL shortener', counts: { open: 5 } })
  expect(ok('list', '--track', 'core').bundles).toHaveLength(1)
  work(ok, 'B-001', 'TKT-002', 'alice')
  expect(ok('roadmap-status')).toMatchObject({ bundles: { open: 0, in_progress: 1 } })
  expect(ok('status', 'B-001').counts).toEqual({ open: 4, done: 1 })
})

test('a worker takes a ticket, reads it, starts it and finishes it with what the tests printed', () => {
  const { root, ok, refused } = bundleOf([])
  const there = standingIn(join(root, 'src'))
  writeFiles(root, { 'src/out.txt': 'ok 1 - counts\n# tests 12\n# pass 12\n' })
  expect(there.ok('claim', 'B-001', 'TKT-001', 'alice')).toMatchObject({ role: 'worker', agent: 'alice' })
  expect(there.ok('show', 'B-001', 'TKT-001').ticket).toMatchObject({ title: 'Part 1', claimed_by: 'alice' })
  refused('SK-TKT-006', 'claim', 'B-001', 'TKT-001', 'carol')
  there.ok('update', 'B-001', 'TKT-001', 'in_progress', '--agent', 'alice')
  refused('SK-TKT-010', 'update', 'B-001', 'TKT-001', 'done', '--agent', 'carol', '--evidence', 'x')
  refused('SK-TKT-030', 'update', 'B-001', 'TKT-001', 'done', '--agent', 'alice', '--summary', 'it works')
  there.ok(
    'update',
    'B-001',
    'TKT-001',
    'done',
    '--agent',
    'alice',
    '--summary',
    'it works',
    '--evidence-file',
    'out.txt',
  )
  expect(at(ok('show', 'B-001', 'TKT-001'), 'ticket.result')).toMatchObject({
    evidence: 'ok 1 - counts\n# tests 12\n# pass 12',
  })
  const events = rowsAt(ok('history', 'B-001', 'TKT-001'), 'events').map(({ event, fields }) => [
    event,
    at(fields, 'agent'),
  ])
  expect(events).toEqual([
    ['TICKET_UPDATED', 'alice'],
    ['TICKET_UPDATED', 'alice'],
    ['TICKET_CLAIMED', 'alice'],
    ['TICKET_ADDED', undefined],
  ])
})

test('a blocked ticket tells why, is taken over, and remembers both', () => {
  const { ok, refused } = bundleOf([])
  ok('claim', 'B-001', 'TKT-001', 'alice')
  refused('SK-TKT-014', 'update', 'B-001', 'TKT-001', 'blocked')
  ok('update', 'B-001', 'TKT-001', 'blocked', '--reason', 'no access to staging')
  refused('SK-TKT-035', 'update', 'B-001', 'TKT-001', 'done', '--evidence', 'x')
  expect(ok('claim', 'B-001', 'TKT-001', 'carol')).toMatchObject({ taken_over_from: 'alice' })
  ok('update', 'B-001', 'TKT-001', 'done', '--agent', 'carol', '--evidence', 'seen')
  const log = rowsAt(ok('status', 'B-001'), 'tickets.1.transition_log')
  expect(log.map(({ to, agent }) => `${String(to)} ${String(agent)}`)).toEqual([
    'claimed alice',
    'blocked alice',
    'claimed carol',
    'done carol',
  ])
})

test('an auditor who did no work looks at it, and the closer closes when all gates let pass', () => {
  const { root, ok, refused } = bundleOf(['true'], [])
  ok('claim', 'B-001', 'TKT-000', 'maria')
  work(ok, 'B-001', 'TKT-001', 'alice')
  const { json } = refused('SK-TKT-019', 'close', 'B-001')
  expect(rowsAt(json, 'details.failures').map(({ gate }) => gate)).toEqual([
    'work-finished',
    'audit-finished',
  ])
  expect(rowsAt(ok('close', 'B-001', '--dry-run'), 'gates')).toHaveLength(2)
  ok('update', 'B-001', 'TKT-002', 'failed', '--agent', 'maria', '--reason', 'not needed any more')
  expect(ok('claim', 'B-001', 'TKT-A00', 'alice').warnings).toEqual([
    expect.stringMatching(/alice worked on TKT-001/),
  ])
  ok('reopen', 'B-001', 'TKT-A00', '--reason', 'alice did the work')
  ok('claim', 'B-001', 'TKT-A00', 'bob')
  ok(
    'update',
    'B-001',
    'TKT-A00',
    'done',
    '--agent',
    'bob',
    '--summary',
    'TKT-001 is sound, 4 of 5',
    '--evidence',
    'ran it twice',
  )
  const closed = ok('close', 'B-001', '--agent', 'maria')
  expect(closed).toMatchObject({ closed: true, done: 3, failed: 1, carryover_count: 1 })
  expect(closed.next_steps_hint).toEqual([
    expect.stringMatching(/review\.yaml/),
    expect.stringMatching(/--carryover B-001/),
  ])
  const review = parse(readFileSync(join(root, '.tkt/bundles/B-001/review.yaml'), 'utf8')) as unknown
  expect(review).toMatchObject({
    tickets_completed: 3,
    tickets_failed: 1,
    audit_result: { findings: ['TKT-001 is sound, 4 of 5'], audited_by: 'bob' },
    acceptance_results: { passed: 1, failed: 0 },
  })
})

test('a person completes the review, and generating it again keeps every word', () => {
  const { root, ok } = bundleOf([])
  work(ok, 'B-001', 'TKT-001', 'alice')
  work(ok, 'B-001', 'TKT-A00', 'bob')
  const { review_path } = ok('close', 'B-001')
  const path = join(root, '.tkt/bundles/B-001/review.yaml')
  expect(review_path).toBe(path)
  const text = readFileSync(path, 'utf8')
    .replace(/^summary: .*$/m, 'summary: >\n  Slugs are in.\n  Redirects wait.')
    .replace('discussion_points: []', 'discussion_points:\n  - Do we need aliases?')
    .replace('quality_score: 1', 'quality_score: 4')
  writeFileSync(path, text)
  ok('generate-review', 'B-001')
  expect(parse(readFileSync(path, 'utf8'))).toMatchObject({
    summary: 'Slugs are in. Redirects wait.\n',
    discussion_points: ['Do we need aliases?'],
    audit_result: { quality_score: 4 },
    tickets_completed: 3,
  })
})

test('small work stays small, and grows into a bundle when it turns out not to be', () => {
  const root = projectFolder()
  const { ok, refused } = standingIn(root)
  for (const title of ['Fix a typo', 'Rename a field'])
    ok('express', '--title', title, '--acceptance', 'grep finds none')
  ok('express', 'claim', 'EXP-001', '--agent', 'alice')
  refused('SK-TKT-030', 'express', 'close', 'EXP-001')
  ok('express', 'close', 'EXP-001', '--evidence', 'grep -c recieve: 0', '--files-changed', '1')
  ok('express', 'claim', 'EXP-002', '--agent', 'bob')
  const upgraded = ok(
    'express',
    'close',
    'EXP-002',
    '--agent',
    'bob',
    '--evidence',
    'it is everywhere',
    '--files-changed',
    '12',
  )
  expect(upgraded).toMatchObject({ upgraded: true, bundle_id: 'B-001', worker_ticket: 'TKT-001' })
  expect(rowsAt(ok('express', 'list'), 'tickets').map(({ status }) => status)).toEqual(['done', 'done'])
  work(ok, 'B-001', 'TKT-001', 'bob')
  work(ok, 'B-001', 'TKT-A00', 'carol')
  expect(ok('close', 'B-001')).toMatchObject({ closed: true, done: 3 })
})

test('what failed goes into a second bundle with its check, until the check holds', () => {
  const { root, ok } = bundleOf(['test -f slugs.txt', 'true'])
  work(ok, 'B-001', 'TKT-001', 'alice')
  work(ok, 'B-001', 'TKT-A00', 'bob')
  expect(ok('close', 'B-001')).toMatchObject({ carryover_count: 1 })
  for (const [from, to, exists] of [
    ['B-001', 'B-002', false],
    ['B-002', 'B-003', true],
  ] as const) {
    expect(ok('create-bundle', '--goal', 'Again', '--carryover', from)).toMatchObject({
      bundle_id: to,
      ticket_count: 3,
    })
    expect(at(ok('show', to, 'TKT-001'), 'ticket.acceptance_criteria')).toMatchObject([
      { run: 'test -f slugs.txt' },
    ])
    work(ok, to, 'TKT-001', 'alice')
    work(ok, to, 'TKT-A00', 'bob')
    if (exists) writeFiles(root, { 'slugs.txt': '' })
    expect(ok('close', to)).toMatchObject({ carryover_count: exists ? 0 : 1 })
  }
})

test('a roadmap goes through all its stages, each gate in its place', () => {
  const root = projectFolder()
  const { ok, refused } = standingIn(root)
  ok('init-roadmap', 'demo')
  const enter = (stage: string) => ['roadmap-transition', stage, '--reason', `now ${stage}`] as const
  refused('SK-TKT-025', ...enter('active'))
  ok('create-bundle', '--goal', 'Ship it')
  for (const stage of ['active', 'blocked', 'active', 'review']) ok(...enter(stage))
  refused('SK-TKT-024', ...enter('done'))
  ok(...enter('active'))
  work(ok, 'B-001', 'TKT-A00', 'bob')
  ok('close', 'B-001')
  for (const stage of ['review', 'done']) ok(...enter(stage))
  refused('SK-TKT-023', ...enter('active'))
  expect(ok('roadmap-transition', 'active', '--reason', 'once more', '--force')).toMatchObject({
    gated: false,
  })
  ok(...enter('archived'))
  expect(ok('roadmap-status')).toMatchObject({ stage: 'archived', allowed_transitions: [] })
  expect(rowsAt(ok('history', '--event', 'ROADMAP_TRANSITION', '--limit', '20'), 'events')).toHaveLength(9)
})
