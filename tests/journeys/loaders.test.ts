import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loaderOf, manifestOf, STYLES, type Inputs } from '../support/fake-loader.ts'
import { gitProject } from '../support/project.ts'
import { skillFolder } from '../support/skill-folder.ts'

const manifest = manifestOf(join(import.meta.dirname, '../..'))

const TITLE = `-- count "hits" & 'misses' in {goal} for $HOME, 100 %`
const DESCRIPTION = `--strict is "on" & stays:\n\n\t- \`one\` \\n two\n- $(three) {title}\n  "end"`
const EVIDENCE = `$ node --test\n# pass 3\n--- fail 0`

const B1 = { bundle: 'B-001' }
const T1 = { ...B1, ticket: 'TKT-001' }
const AUDIT = { ...B1, ticket: 'TKT-A00' }
const D1 = { ticket_id: 'TKT-016' }
const D2 = { ticket_id: 'TKT-017' }
const SES = { session_id: 'ses-1' }
const REVIEWER = { session_id: 'ses-9', reason: '-' + EVIDENCE }
const inState = (status: string) => ({ ticket: expect.objectContaining({ status }) as unknown })

interface Step {
  readonly operation: string
  readonly inputs: Inputs
  /** What the answer holds besides the fields that are promised. */
  readonly answers?: Readonly<Record<string, unknown>>
}

const step = (operation: string, inputs: Inputs = {}, answers: Step['answers'] = {}): Step => ({
  operation,
  inputs,
  answers,
})

/** Work from the first command to the last, through every operation there is. */
const STORY: readonly Step[] = [
  step('init-roadmap', { project: 'A & B "quoted"' }, { project: 'A & B "quoted"' }),
  step(
    'create-bundle',
    { goal: TITLE, worktree: false },
    { bundle_id: 'B-001', tickets: ['TKT-000', 'TKT-A00'] },
  ),
  step('roadmap-transition', { stage: 'active', reason: 'one\ntwo' }, { new_stage: 'active' }),
  step('add', { ...B1, title: TITLE, description: DESCRIPTION, skills: ['a', 'b c'], wave: 2 }),
  step('edit', { ...T1, effort_estimate: '2h', clear: ['wave'] }, { changed: ['effort_estimate', 'wave'] }),
  step('edit', { ...T1, wave: 2 }, { edited: 'B-001/TKT-001' }),
  step('next', { agent: 'team/a & b' }, { ticket: 'TKT-001', claimed: false }),
  step('claim', { ...T1, agent: 'team/a & b' }, { agent: 'team/a & b' }),
  step('release', { ...T1, agent: 'team/a & b', claim_no: 1 }, { status: 'open' }),
  step('claim', { ...T1, agent: 'team/a & b' }, { claim_no: 2 }),
  step('update', { ...T1, status: 'blocked', reason: '-' + EVIDENCE }, { new_status: 'blocked' }),
  step('claim', { ...T1, agent: 'alice' }, { taken_over_from: 'team/a & b' }),
  step('update', { ...T1, status: 'done', evidence: EVIDENCE }, { new_status: 'done' }),
  step('show', T1, {
    ticket: expect.objectContaining({
      title: TITLE,
      description: DESCRIPTION,
      skills: ['a', 'b c'],
      wave: 2,
      result: expect.objectContaining({ evidence: EVIDENCE, notes: '-' + EVIDENCE }) as unknown,
    }) as unknown,
  }),
  step('add', { ...B1, title: 'Two' }, { ticket_id: 'TKT-002' }),
  step(
    'batch-update',
    { ...B1, tickets: ['TKT-002'], status: 'done', evidence: EVIDENCE },
    { updated: ['TKT-002'] },
  ),
  step('claim', { ...AUDIT, agent: 'bob' }, { role: 'audit' }),
  step('update', { ...AUDIT, status: 'done', evidence_file: '{project}/README.md' }, { new_status: 'done' }),
  step('bundle-status', B1, { title: TITLE, counts: { open: 1, done: 3 } }),
  step('graph', { ...B1, format: 'mermaid' }, { shown: 'shown 4 of 4', cycles: [], unknown: [] }),
  step('list-bundles', {}, { bundles: [{ id: 'B-001', status: 'in_progress', title: TITLE }] }),
  step('verify', T1, { verified: false, checked: 0, recorded: 0 }),
  step('doctor', {}, { healthy: true, findings: [] }),
  step('history', { ...T1, limit: 2 }, { shown: 'shown 2 of 9' }),
  step('close-bundle', { ...B1, strict: true, dry_run: true }, { closed: false, commands: [] }),
  step('close-bundle', { ...B1, strict: true, no_memory: true }, { closed: true, carryover_count: 0 }),
  step('generate-review', B1),
  step('show-review', B1, { done: 4, failed: 0, title: expect.any(String) as unknown }),
  step('archive-bundle', B1, { from: 'closed' }),
  step('reopen', { ...B1, reason: 'not yet' }, { status: 'in_progress' }),
  step('express', { action: 'create', title: TITLE, acceptance: 'it is so' }, { ticket_id: 'EXP-001' }),
  step('express', { action: 'list' }, { shown: 'shown 1 of 1' }),
  step('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'carol' }, { claimed: true }),
  step(
    'express',
    { action: 'close', ticket_id: 'EXP-001', evidence: EVIDENCE, files_changed: 1 },
    { closed: true },
  ),
  step('roadmap-goal', { action: 'add', title: TITLE, description: DESCRIPTION }, { goal: 'G-001' }),
  step('roadmap-goal', { action: 'link', goal: 'G-001', ...B1 }, { before: null }),
  step('roadmap-status', {}, { stage: 'active' }),
  step('create-bundle', { goal: 'Apart', worktree: true }, { worktree: '.worktrees/B-002' }),
  step('worktree-status', { bundle: 'B-002' }, { orphans: 0, shown: 'shown 1 of 1' }),
  step(
    'worktree-prune',
    { bundle: 'B-002', dry_run: true },
    { pruned: [], kept: [expect.objectContaining({ reason: 'B-002 is open' })] },
  ),
  step(
    'intake-ticket',
    { ...D1, title: TITLE, summary: DESCRIPTION, batch_id: 'BATCH-5', scope_allow: ['src/{a,b}/', 'docs/'] },
    { created: true },
  ),
  step('intake-ticket', { ...D2, title: 'Two', summary: 'S', depends_on: ['TKT-016'] }, { created: true }),
  step('list-tickets', { unresolved_only: true }, { shown: 'shown 2 of 2' }),
  step('next-ticket', { ...SES, batch_id: 'BATCH-5' }, { claimed: true, claim_no: 1 }),
  step('start-ticket', { ...D1, ...SES }, inState('IN_PROGRESS')),
  step('block-ticket', { ...D1, ...SES, reason: '-' + EVIDENCE }, inState('BLOCKED')),
  step('unblock-ticket', { ...D1, ...SES }, inState('CLAIMED')),
  step('submit-ticket', { ...D1, ...SES }, inState('IN_PROGRESS')),
  step('reject-ticket', { ...D1, ...REVIEWER }, inState('IN_PROGRESS')),
  step('comment', { ...D1, ...SES, body: '-' + EVIDENCE }, { comments: 1 }),
  step('comments', D1, { comments: [expect.objectContaining({ body: '-' + EVIDENCE })] }),
  step(
    'record-subagent',
    { ...SES, subagent_name: 'team/a & b', purpose: TITLE },
    {
      recorded_subagent_usage: expect.objectContaining({
        purpose: TITLE,
        ticket_scope: 'TKT-016',
      }) as unknown,
    },
  ),
  step('heartbeat', SES, { holds: ['TKT-016'] }),
  step('release-ticket', { ...SES, claim_no: 1 }, inState('OPEN')),
  step('claim-ticket', { ...D1, ...SES }, { claim_no: 2 }),
  step(
    'check-ticket-scope',
    { ...D1, changed_file: ['src/a/x', 'y z'] },
    { scope_report: expect.objectContaining({ out_of_scope_files: ['y z'] }) as unknown },
  ),
  ...['claim-summary', 'check-open-tickets'].map((name) =>
    step(name, SES, { refresh_status: expect.anything() as unknown }),
  ),
  step('startup-flow', SES, {
    startup_context: expect.objectContaining({ recommended_action: 'continue_claimed_ticket' }) as unknown,
  }),
  step('session-loop', SES, {
    loop_state: expect.objectContaining({ stop_reason: 'resume_claimed_ticket' }) as unknown,
  }),
  step('refresh-new-tasks', { trigger_point: 'a look' }, { refresh_status: expect.anything() as unknown }),
  step('refresh-review-inbox', {}, { refresh_status: expect.anything() as unknown }),
  step('close-ticket', { ...D1, ...SES, resolution: EVIDENCE }, inState('CLOSED')),
  step('claim-ticket', { ...D2, ...SES }, { claimed: true }),
  step('fail-ticket', { ...SES, reason: 'gone' }, inState('FAILED')),
  step('reopen-ticket', { ...D2, ...REVIEWER }, inState('OPEN')),
  step(
    'edit-ticket',
    { ...D2, ...REVIEWER, summary: DESCRIPTION, priority: 0, clear: ['depends_on'], if_version: 1 },
    { changed: ['summary', 'priority', 'depends_on'] },
  ),
  step('delete-ticket', { ...D2, ...REVIEWER }, inState('OPEN')),
  step('delete-ticket', { ...D2, ...REVIEWER, restore: true }, inState('OPEN')),
  step('cancel-ticket', { ...D2, ...REVIEWER }, inState('CLOSED')),
  step('agents', {}, { shown: 'shown 2 of 2' }),
  // A line an event: to a loader that takes one line only, nothing must have happened.
  step('watch', { once: true, type: 'none' }, { told: 0, more: false }),
  step('wait', { until: 'closed', ...D2 }, { met: true }),
  step('digest', { since: '1d' }, { tickets: 2 }),
  step('stats', { since: '1d', by: 'session' }, { shown: 'shown 3 of 3' }),
  step('db', { action: 'status' }, { exists: true, tickets: { CLOSED: 2 }, deleted: 0 }),
  step('db', { action: 'export', file: '{project}/project.jsonl' }, { project: 'default/main' }),
  step(
    'intake-ticket',
    { ticket_id: 'TKT-018', title: 'End', summary: 'S', ticket_type: 'INTEGRATOR' },
    { created: true },
  ),
  step('claim-ticket', { ticket_id: 'TKT-018', ...SES }, { claimed: true }),
  step('integrator-closure-report', SES, {
    closure_report: expect.objectContaining({
      final_batch_closure_status: 'READY_TO_CLOSE',
    }) as unknown,
  }),
  step('add', { bundle: 'B-002', title: TITLE }, { ticket_id: 'TKT-001' }),
  step('publish-bundle', { bundle: 'B-002' }, { published: 1 }),
  step('collect-bundle', { bundle: 'B-002', end: true }, { whole: true, ended: 1 }),
  step('show-ticket', D1, {
    ticket: expect.objectContaining({ title: TITLE, summary: DESCRIPTION, outcome: EVIDENCE }) as unknown,
  }),
]

test('the story goes through every operation of skill.json', () => {
  // It asks for a PostgreSQL that the published program used; below a loader hears that.
  const told = [...STORY.map(({ operation }) => operation), 'import-tickets']
  expect(new Set(told)).toEqual(new Set(Object.keys(manifest.operations)))
})

describe.each(Object.entries(STYLES))('a loader that %s', (_, habits) => {
  test('runs every operation to the fields that skill.json promises', () => {
    const project = gitProject()
    const run = loaderOf(habits, skillFolder('the package', join(project, '.agents/skills')), project)
    for (const { operation, inputs, answers } of STORY) {
      const placed = Object.entries(inputs).map(([name, value]) => [name, inProject(value, project)])
      const { code, json, output } = run(operation, Object.fromEntries(placed) as Inputs)
      expect({ operation, inputs, code, json, output }).toMatchObject({
        code: 0,
        json: { ok: true, ...answers },
      })
      const promised = Object.keys(manifest.operations[operation]?.output.fields ?? {})
      expect([operation, promised.filter((name) => json?.[name] === undefined)]).toEqual([operation, []])
    }
  })

  test('is told what it left out, and nothing is stored in its place', () => {
    const project = gitProject()
    const run = loaderOf(habits, skillFolder('the package', join(project, '.agents/skills')), project)
    for (const { operation, inputs } of STORY.slice(0, 2)) run(operation, inputs)
    run('add', { ...B1, title: 'Count the hits' })

    const unnamed = { ok: false, error: 'INPUT_INVALID', details: { missing: ['ticket', 'agent'] } }
    expect(run('claim', B1)).toMatchObject({ code: 2, json: unnamed })
    const elsewhere = { ok: false, error: 'IMPORT_REFUSED' }
    expect(run('import-tickets', { from: 'agent_tasks' })).toMatchObject({ code: 5, json: elsewhere })
    const unproven = { ok: false, error: 'EVIDENCE_REQUIRED' }
    expect(run('update', { ...T1, status: 'done' })).toMatchObject({ code: 5, json: unproven })
    expect(run('show', T1).json?.ticket).toMatchObject({
      status: 'open',
      description: 'Count the hits',
      category: null,
      wave: null,
      skills: [],
      result: { summary: null, notes: null, evidence: null },
    })
  })
})

const inProject = (value: Inputs[string], project: string): Inputs[string] =>
  typeof value === 'string' && value.startsWith('{project}/') ? join(project, value.slice(10)) : value

describe.each(Object.entries(manifest.operations))('skill.json, %s', (_, { input, entrypoints }) => {
  test('hands every input over in one word, on both systems', () => {
    const words = Object.keys(input).map((name) => `--${name.replaceAll('_', '-')}={${name}}`)
    expect(entrypoints.unix.slice(0, 2)).toEqual(['node', `{skill_dir}/dist/tkt.cjs`])
    expect(entrypoints.unix.slice(3).sort()).toEqual(words.sort())
    expect(entrypoints.windows).toEqual(entrypoints.unix)
  })
})
