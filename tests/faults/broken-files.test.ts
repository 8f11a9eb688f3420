/** Files that somebody broke: commands on them say what is wrong and where, and everything else goes on. */
import { describe, expect, test } from 'vitest'
import { rowsAt, startBundle, treeOf, type Fields, type Project } from '../support/bundles.ts'
import { tkt } from '../surfaces/cli/tkt.ts'
import { refusedHere } from './refusing.ts'

const ticket = (more: string): string => `id: TKT-001\ntitle: T\nstatus: open\n${more}`
const bomb = ticket(
  `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'.replaceAll(/./g, (name) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${String.fromCharCode(name.charCodeAt(0) - 1)}`).join(', ')}]\n`)}`,
)

const BROKEN: readonly (readonly [why: string, text: string | Buffer, reason: RegExp])[] = [
  ['an alias bomb', bomb, /alias/i],
  ['a circle', '&x\ntitle: T\nstatus: open\nself: *x\n', /circular/i],
  ['20,000 brackets', ticket(`deep: ${'['.repeat(20_000)}`), /line 4/],
  ['20,000 brackets that are closed', ticket(`deep: ${'['.repeat(20_000)}${']'.repeat(20_000)}`), /./],
  [
    'a ladder of 2,000 maps',
    ticket(Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')),
    /./,
  ],
  ['5 MB', ticket(`# ${'x'.repeat(5_000_000)}\n`), /too large: 50000\d\d bytes/],
  ['a key twice', ticket('status: done\n'), /line 4.*unique/],
  ['tabs for spaces', 'title: T\nstatus: open\nresult:\n\tsummary: x\n', /line 4/],
  ['no end of a quote', ticket('x: "never\n'), /line/],
  [
    'a description that was not indented',
    ticket('description: |\n  one\ntwo: three\nnot yaml at all\n'),
    /line \d/,
  ],
  ['bytes', Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 37) % 256)), /./],
  ['only a word', 'hello\n', /holds no map/],
  ['a list', '- a\n- b\n', /holds no map/],
  ['nothing', '', /./],
  ['two documents', `${ticket('')}---\n${ticket('')}`, /line/],
  ['a status nobody knows', 'title: T\nstatus: constructor\n', /constructor/],
]

const answerTo = async (project: Project, words: readonly string[]): Promise<Fields> =>
  (await tkt(words, { cwd: project.root })).json

const place = (project: Project, path: string, text: string | Buffer): void =>
  project.write({ [`.tkt/${path}`]: text as string })

/** What it cannot mend, and that is all but one of them, stays byte for byte as it is, and is told. */
async function expectToldByDoctor(project: Project, where: string): Promise<void> {
  const before = treeOf(project.root)
  const told = await project.ok('doctor')
  expect(told).toMatchObject({ healthy: false, faults: 1 })
  const [fault] = rowsAt(told, 'findings').filter((finding) => finding.fault)
  expect(fault).toMatchObject({ where })
  if (fault?.repair !== undefined) return
  expect(await project.ok('doctor', { repair: true })).toMatchObject({ healthy: false, faults: 1 })
  expect(treeOf(project.root)).toEqual(before)
}

describe.each(BROKEN)('%s', (why, text, reason) => {
  test('in a ticket: commands on it tell the reason, the list of tickets goes on', async () => {
    const project = await startBundle(2)
    place(project, 'bundles/B-001/TKT-001.yaml', text)
    for (const words of [
      ['show'],
      ['claim', '--agent', 'a'],
      ['update', '--status', 'failed'],
      ['reopen', '--reason', 'r'],
      ['edit', '--title', 't'],
      ['release', '--agent', 'a'],
      ['verify'],
    ]) {
      const { code, json } = await refusedHere(project, [
        ...words,
        '--bundle',
        'B-001',
        '--ticket',
        'TKT-001',
      ])
      expect([code, json.error]).toEqual([5, 'FILE_UNREADABLE'])
      expect((json.details as { readonly reason: string }).reason).toMatch(reason)
      expect(json.message).toContain('TKT-001.yaml: ')
    }
    const both = ['batch-update', '--bundle', 'B-001', '--status', 'failed', 'TKT-001', 'TKT-002']
    expect((await refusedHere(project, both)).json.error).toBe('FILE_UNREADABLE')
    for (const words of [['status'], ['verify']])
      expect([words, await answerTo(project, [...words, 'B-001'])]).toMatchObject([
        words,
        { ok: true, unreadable: [{ id: 'TKT-001' }] },
      ])
    expect(await answerTo(project, ['graph', 'B-001'])).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/^1 cannot be read and are not drawn, TKT-001/)],
    })
    expect(await answerTo(project, ['next', '--agent', 'a'])).toMatchObject({ ticket: 'TKT-002' })
    await expectToldByDoctor(project, 'bundles/B-001/TKT-001.yaml')
    const json = await answerTo(project, ['status', 'B-001'])
    expect(json.unreadable).toMatchObject([
      { id: 'TKT-001', reason: expect.stringMatching(reason) as string },
    ])
    expect(json.tickets).toHaveLength(3)
    expect((await answerTo(project, ['add', 'B-001', 'Part 3'])).ticket_id).toBe('TKT-003')
  })

  test('in a bundle: commands on it tell the reason, the list of bundles goes on', async () => {
    const project = await startBundle(1)
    await project.ok('create-bundle', { goal: 'other' })
    place(
      project,
      'bundles/B-001/bundle.yaml',
      typeof text === 'string' ? text.replace('status: open', 'status: closed') : text,
    )
    for (const words of [
      ['status'],
      ['add', '--title', 't'],
      ['claim', '--ticket', 'TKT-001', '--agent', 'a'],
      ['close'],
      ['reopen', '--reason', 'r'],
      ['edit', '--title', 't'],
      ['archive', '--reason', 'r'],
      ['release', '--ticket', 'TKT-001', '--agent', 'a'],
      ['batch-update', '--status', 'failed', '--tickets', 'TKT-001,TKT-A00'],
      ['roadmap-goal', 'unlink'],
      ['generate-review'],
      ['show-review'],
      ['verify'],
      ['next', '--agent', 'a'],
    ]) {
      const { code, json } = await refusedHere(project, [...words, '--bundle', 'B-001'])
      expect([words, code, json.error]).toEqual([words, 5, 'FILE_UNREADABLE'])
      expect(json.message).toMatch(reason)
    }
    await project.ok('roadmap-goal', { action: 'add', title: 'Fast' })
    for (const words of [['roadmap-goal', 'list'], ['list']])
      expect([words, await answerTo(project, words)]).toMatchObject([
        words,
        { ok: true, unreadable: [{ id: 'B-001' }] },
      ])
    for (const words of [['graph'], ['worktree-status'], ['worktree-prune']])
      expect([words, await answerTo(project, words)]).toMatchObject([words, { ok: true }])
    await expectToldByDoctor(project, 'bundles/B-001/bundle.yaml')
    const json = await answerTo(project, ['list'])
    expect(json).toMatchObject({
      bundles: [{ id: 'B-002' }],
      unreadable: [{ id: 'B-001', reason: expect.stringMatching(reason) as string }],
    })
    expect(await answerTo(project, ['roadmap-status'])).toMatchObject({
      bundles: { total: 2, open: 1 },
      unreadable: [{ id: 'B-001' }],
    })
  })

  test('in an express ticket, the roadmap, or what was carried over', async () => {
    const project = await startBundle(1)
    await project.ok('express', { title: 'small', acceptance: 'done' })
    await project.ok('express', { title: 'other', acceptance: 'done' })
    place(project, 'express/EXP-001.yaml', text)
    for (const words of [
      ['express', 'claim', 'EXP-001', '--agent', 'a'],
      ['edit', '--ticket', 'EXP-001', '--title', 't'],
      ['release', '--ticket', 'EXP-001', '--agent', 'a'],
      ['verify', '--ticket', 'EXP-001'],
    ])
      expect((await refusedHere(project, words)).json).toMatchObject({
        error: 'FILE_UNREADABLE',
        message: expect.stringMatching(reason) as string,
      })
    expect(await answerTo(project, ['express', 'list'])).toMatchObject({
      tickets: [{ id: 'EXP-002' }],
      unreadable: [{ id: 'EXP-001' }],
    })
    place(project, 'bundles/B-001/carryover.yaml', text)
    const carry = ['create-bundle', '--goal', 'g', '--carryover', 'B-001']
    expect((await refusedHere(project, carry)).json.error).toBe('FILE_UNREADABLE')
    place(
      project,
      'roadmap.yaml',
      typeof text === 'string' ? text.replace('status: constructor', 'stage: constructor') : text,
    )
    for (const words of [
      ['roadmap-status'],
      ['roadmap-transition', 'active', '--reason', 'r'],
      ['roadmap-goal', 'list'],
      ['roadmap-goal', 'add', '--title', 't'],
      ['roadmap-goal', 'link', '--bundle', 'B-001', '--goal', 'G-001'],
    ])
      expect([why, (await refusedHere(project, words)).json]).toMatchObject([
        why,
        { error: 'FILE_UNREADABLE', message: expect.stringMatching(reason) as string },
      ])
  })
})

test('names in a ticket that people wrote are kept apart: what is changed in one place stays as it was in the others', async () => {
  const project = await startBundle(1)
  const names = `description: &d "about # it"\nnotes: *d\nclaimed_by: &none null\nclaimed_at: *none\nmine: [*none, &r { evidence: old }]\nresult: *r\n`
  place(project, 'bundles/B-001/TKT-001.yaml', `# mine\n${ticket(names)}`)
  for (const words of [
    ['claim', 'B-001', 'TKT-001', 'a'],
    ['update', 'B-001', 'TKT-001', 'done', '--evidence', 'new'],
  ])
    expect((await answerTo(project, words)).message).toBeUndefined()
  expect(project.text('.tkt/bundles/B-001/TKT-001.yaml')).toMatch(/^# mine\n/)
  expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
    description: 'about # it',
    notes: 'about # it',
    claimed_by: 'a',
    mine: [null, { evidence: 'old' }],
    result: { evidence: 'new' },
  })
})

test('a bundle with a ticket that cannot be read is not closed, also when the structural check is the project’s own', async () => {
  const project = await startBundle(1, { 'spec/validate_repo_structural.sh': 'exit 0\n' })
  await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-A00', agent: 'bob' })
  await project.ok('update', { bundle: 'B-001', ticket: 'TKT-A00', status: 'done', evidence: 'looked' })
  place(project, 'bundles/B-001/TKT-001.yaml', 'a: "\n')
  const { code, json } = await refusedHere(project, ['close', 'B-001'])
  expect([code, json.error]).toEqual([5, 'WORK_UNFINISHED'])
  expect(json.message).toMatch(/TKT-001 cannot be read: .*line \d/)
})

test('what people wrote in a review that cannot be read is not written over', async () => {
  const project = await startBundle(0)
  await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-A00', agent: 'bob' })
  await project.ok('update', { bundle: 'B-001', ticket: 'TKT-A00', status: 'done', evidence: 'looked' })
  place(project, 'bundles/B-001/review.yaml', 'summary: "two hours of work\n')
  expect((await refusedHere(project, ['close', 'B-001'])).json).toMatchObject({
    error: 'FILE_UNREADABLE',
    message: expect.stringMatching(/review\.yaml/) as string,
  })
})
