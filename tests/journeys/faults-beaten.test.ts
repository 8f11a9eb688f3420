/** The faults of the published tool that lose or spoil what people wrote (contracts: filesystem section 10), one test each. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  at,
  expectRefusal,
  finishAll,
  openProject,
  rowsAt,
  startBundle,
  startProject,
  treeOf,
} from '../support/bundles.ts'
import { published } from '../support/published.ts'
import { tktAsync, type Ended } from '../support/tkt.ts'
import { projectFolder } from '../support/project.ts'

const B = { bundle: 'B-001' }
const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'

/** Starts commands at the same time, each in a process of its own. */
const atOnce = (cwd: string, commands: readonly (readonly string[])[]): Promise<readonly Ended[]> =>
  Promise.all(commands.map((args) => tktAsync(args, { cwd })))

const times = <T>(count: number, make: (number: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

test('W1: of many claims at the same time exactly one wins, and the file has its name', async () => {
  const project = await startBundle()
  const ended = await atOnce(
    project.root,
    times(6, (number) => ['claim', 'B-001', 'TKT-001', `agent-${number}`]),
  )
  const winners = ended.filter(({ code }) => code === 0)
  expect(winners).toHaveLength(1)
  expect(ended.filter(({ json }) => json.error_code === 'SK-TKT-006')).toHaveLength(5)
  expect(project.yaml(TICKET).claimed_by).toBe(winners[0]?.json.agent)
})

test('W2: ids that are handed out at the same time are all different, and nothing is lost', async () => {
  const project = await startBundle(0)
  const ended = await atOnce(project.root, [
    ...times(5, (number) => ['add', '--bundle', 'B-001', '--title', `Part ${number}`]),
    ...times(3, (number) => ['create-bundle', '--goal', `Goal ${number}`]),
    ...times(3, (number) => ['express', '--title', `Typo ${number}`, '--acceptance', 'x']),
  ])
  expect(ended.map(({ code }) => code)).toEqual(times(11, () => 0))
  expect(readdirSync(join(project.root, '.tkt/bundles'))).toHaveLength(4)
  expect(readdirSync(join(project.root, '.tkt/express'))).toHaveLength(3)
  const titles = times(
    5,
    (number) => project.yaml(`.tkt/bundles/B-001/TKT-00${number + 1}.yaml`).title as string,
  )
  expect(titles.toSorted()).toEqual(times(5, (number) => `Part ${number}`))
  expect(await project.ok('show', { bundle: 'B-001' })).toMatchObject({ bundle: { ticket_count: 7 } })
})

test('W3: of a done and a failed at the same time one is refused, and the file tells one story', async () => {
  const project = await startBundle()
  await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'alice' })
  const ended = await atOnce(project.root, [
    ['update', 'B-001', 'TKT-001', 'done', '--evidence', 'seen', '--summary', 'done'],
    ['update', 'B-001', 'TKT-001', 'failed', '--summary', 'failed'],
  ])
  expect(ended.map(({ json }) => json.error_code ?? 'ok').toSorted()).toEqual(['SK-TKT-035', 'ok'])
  const ticket = project.yaml(TICKET)
  expect(at(ticket, 'result.summary')).toBe(ticket.status)
})

test('W4: a reader never sees half a file', async () => {
  const project = await startBundle()
  const path = join(project.root, TICKET)
  const words = 'x'.repeat(20_000)
  let [running, reads] = [true, 0]
  const reading = (async () => {
    while (running) {
      expect(parse(readFileSync(path, 'utf8'))).toMatchObject({
        id: 'TKT-001',
        transition_log: expect.any(Array) as unknown[],
      })
      reads += 1
      await new Promise(setImmediate)
    }
  })()
  for (const number of times(4, (index) => index)) {
    await atOnce(project.root, [['claim', 'B-001', 'TKT-001', 'alice']])
    await atOnce(project.root, [['update', 'B-001', 'TKT-001', 'blocked', '--reason', `${number} ${words}`]])
  }
  running = false
  await reading
  expect(reads).toBeGreaterThan(10)
})

test('W5: names and reasons with odd characters are written whole, with their history', async () => {
  const project = await startBundle()
  await project.ok('claim', { ...B, ticket: 'TKT-000', agent: 'team/a' })
  expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').main_agent).toBe('team/a')
  await project.ok('express', { title: 'x', acceptance: 'y' })
  await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'team/a' })
  expect(project.yaml('.tkt/express/EXP-001.yaml')).toMatchObject({ status: 'claimed', claimed_by: 'team/a' })
  await project.ok('roadmap-transition', { stage: 'active', reason: 'two\nlines' })
  expect(rowsAt(project.yaml('.tkt/roadmap.yaml'), 'stage_history')).toHaveLength(2)
  expect(project.history().at(-1)).toMatch(/^ROADMAP_TRANSITION .*two\\nlines/)
})

test('W6: a criterion that prints 200 kB and fails leaves a whole close: review, carryover, history', async () => {
  const project = await startBundle(0)
  await project.ok('add', { ...B, title: 'a', run: ['head -c 200000 /dev/zero | tr "\\0" x; exit 1'] })
  await finishAll(project)
  expect(await project.run('close-bundle', B)).toMatchObject({ closed: true, carryover_count: 1 })
  expect([
    project.has('.tkt/bundles/B-001/review.yaml'),
    project.has('.tkt/bundles/B-001/carryover.yaml'),
  ]).toEqual([true, true])
  expect(project.history().at(-1)).toMatch(/^BUNDLE_CLOSED/)
})

test('W7: descriptions of several lines, quotes and backslashes are given back as they were, to the very close', async () => {
  const project = await startProject()
  const text = 'Split "it":\n- keep: the names\n\tstatus: done\n\\ and \\n\nlast'
  await project.ok('create-bundle', { goal: text })
  await project.ok('add', { ...B, title: text, description: text })
  expect(project.yaml(TICKET)).toMatchObject({ title: text, description: text, status: 'open' })
  await finishAll(project)
  await project.ok('close-bundle', B)
  expect(project.yaml(TICKET)).toMatchObject({ title: text, description: text })
})

test('W8: no text ends in another field, in another gate or in a line of history', async () => {
  const project = await startBundle(0)
  expectRefusal(
    await project.run('add', { ...B, title: 'x', wave: '1\nstatus: done' }),
    'INPUT_INVALID',
    'SK-TKT-014',
  )
  expectRefusal(await project.run('add', { ...B, title: 'x', type: 'audit' }), 'INPUT_INVALID', 'SK-TKT-014')
  await project.ok('add', {
    ...B,
    title: 'x\n[2026-01-01T00:00:00Z] BUNDLE_CLOSED bundle=B-001',
    description: 'x\nstatus: done',
  })
  expect(project.yaml(TICKET).status).toBe('open')
  expect(rowsAt(await project.ok('history', { event: 'BUNDLE_CLOSED' }), 'events')).toEqual([])
  await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'a&b\\1' })
  expect(project.yaml(TICKET).claimed_by).toBe('a&b\\1')
})

test('W9: every wrong call is answered by one JSON line that says what is wrong', async () => {
  const project = await startBundle()
  const tool = published(project.root)
  const done = ['update', 'B-001', 'TKT-001', 'done'] as const
  tool.refused('SK-SYS-004', ...done, '--evidence-file', '/nowhere/evidence.txt')
  tool.refused('SK-TKT-014', ...done, '--evidence', 'a', '--evidence-file', '/nowhere')
  tool.refused('SK-TKT-014', 'add', '--bundle', 'B-001', '--title')
  project.write({ '.tkt/bundles/B-test/x': '', '.tkt/bundles/B-001/TKT-001-notes.yaml': 'x: "' })
  tool.ok('add', '--bundle', 'B-001', '--title', 'still works')
  project.write({ 'config/tkt.yaml': 'ticket: {lock_timeout: "\n' })
  tool.refused('SK-CFG-001', 'add', '--bundle', 'B-001', '--title', 'x')
})

test('W10: answers are JSON whatever the values are: quotes, line breaks, null, long titles', async () => {
  const project = await startProject()
  const title = `"${'long '.repeat(60)}"\nend`
  await project.ok('create-bundle', { goal: title })
  await project.ok('add', { ...B, title })
  const tool = published(project.root)
  expect(tool.ok('list')).toMatchObject({ bundles: [{ title }] })
  expect(tool.ok('status', 'B-001')).toMatchObject({
    title,
    main_agent: null,
    tickets: [{}, { title, claimed_by: null }, {}],
  })
  expect(tool.ok('roadmap-status')).toMatchObject({ project: 'demo' })
})

test('W11: ids are ids: no path gets through', async () => {
  const project = await startBundle()
  project.write({ '.tkt/bundles/evil.yaml': 'status: open\n', 'evil.yaml': 'status: open\n' })
  const before = treeOf(project.root)
  for (const bundle of ['../../evil', '..', 'B-001/../B-001', '/etc'])
    expectRefusal(
      await project.run('claim', { bundle, ticket: 'TKT-001', agent: 'a' }),
      'INPUT_INVALID',
      'SK-TKT-014',
    )
  for (const ticket of ['../evil', '../../../evil', 'TKT-001/../TKT-001'])
    expectRefusal(
      await project.run('update', { ...B, ticket, status: 'failed' }),
      'INPUT_INVALID',
      'SK-TKT-014',
    )
  expectRefusal(
    await project.run('create-bundle', { goal: 'g', carryover: '../B-001' }),
    'INPUT_INVALID',
    'SK-TKT-014',
  )
  expectRefusal(
    await project.run('express', { action: 'claim', ticket_id: '../x', agent: 'a' }),
    'INPUT_INVALID',
    'SK-TKT-014',
  )
  expect(treeOf(project.root)).toEqual(before)
})

test('W12: a plan becomes tickets without a shell: nothing in it is run, and what is done stays done', async () => {
  const plan =
    '# Goal `touch pwned`\n- [ ] Quick $(touch pwned) "x"\n  - acceptance: a\n  - acceptance: b; c\n- [x] Done already\n'
  const project = openProject(projectFolder({ 'plan.md': plan }))
  await project.ok('init-roadmap', { project: 'demo' })
  expect(await project.run('create-bundle', { source_plan: 'plan.md' })).toMatchObject({ ticket_count: 3 })
  expect(project.yaml(TICKET)).toMatchObject({
    title: 'Quick $(touch pwned) "x"',
    category: null,
    acceptance_criteria: ['a', 'b; c'],
  })
  expect(project.has('pwned')).toBe(false)
})
