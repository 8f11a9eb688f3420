import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { git, writeFiles } from '../../support/project.ts'
import { commitFiles, startDurable, startInRepository, type DurableProject, type Fields } from './project.ts'

const T1 = { ticket_id: 'TKT-1' }
const asked = { ...T1, session_id: 's1', worktree: true }

const folderOf = ({ root }: DurableProject, name = 'TKT-1'): string => join(root, '.tkt/worktrees', name)

const claimed = async (project: DurableProject, raw: Fields = asked): Promise<Fields> =>
  (await project.ok('claim-ticket', raw)).ticket as Fields

const statusOf = async (project: DurableProject): Promise<Fields> =>
  (await project.ok('show-ticket', T1)).ticket as Fields

describe('a claim with --worktree', () => {
  test('cuts the branch and the folder of the ticket, tells where they are, and has them on record', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    const tree = folderOf(project)
    const { worktree } = await claimed(project)
    expect(worktree).toEqual({
      created: true,
      worktree_path: tree,
      branch: 'tkt/TKT-1',
      base_branch: 'main',
    })
    expect(git(tree, 'status', '--porcelain', '--branch')).toBe('## tkt/TKT-1')
    expect(git(project.root, 'status', '--porcelain')).toBe('')
    const { ticket, events } = await project.ok('show-ticket', T1)
    expect(ticket).toMatchObject({
      worktree: { worktree_path: '.tkt/worktrees/TKT-1', branch: 'tkt/TKT-1', base_branch: 'main' },
    })
    expect((events as Fields[]).map(({ type }) => type)).toEqual([
      'ticket.worktree_made',
      'ticket.claimed',
      'ticket.created',
    ])
  })

  test('that is repeated, with or without the flag, is told of the same one', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    await claimed(project)
    const same = { created: false, already_exists: true, branch: 'tkt/TKT-1' }
    expect((await claimed(project)).worktree).toMatchObject(same)
    expect((await claimed(project, { ...T1, session_id: 's1' })).worktree).toMatchObject(same)
  })

  test('answers within 1 KB, however long the names are', async () => {
    const [key, other] = ['K'.repeat(51), 'L'.repeat(51)]
    const long = {
      title: 't'.repeat(900),
      summary: 'é'.repeat(5000),
      source: 'o'.repeat(900),
      scope_allow: 'src/',
    }
    const batch_id = 'b'.repeat(100)
    const project = await startInRepository({ [other]: long, [key]: { ...long, batch_id } })
    const sizes = []
    for (const [ticket_id, letter] of [
      [other, 'x'],
      [key, 'y'],
    ] as const) {
      const answer = await project.ok('claim-ticket', {
        ticket_id,
        session_id: letter.repeat(100),
        worktree: true,
      })
      sizes.push(Buffer.byteLength(JSON.stringify(answer)))
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024)
    expect(existsSync(folderOf(project, key))).toBe(true)
  })

  test('counts what is told of changes as well, however much of the summary has room', async () => {
    const lengths = [120, 160, 200, 240, 280, 320]
    const tickets = lengths.map((length) => [`TKT-${length}`, { summary: 'x'.repeat(length) }] as const)
    const project = await startInRepository(Object.fromEntries(tickets))
    for (const [ticket_id] of tickets) {
      await project.ok('claim-ticket', { ticket_id, session_id: `${ticket_id}-1`, worktree: true })
      writeFiles(folderOf(project, ticket_id), { [`${'begun-'.repeat(12)}.txt`]: '' })
    }
    project.wait(61)
    for (const [ticket_id] of tickets) {
      const answer = await project.ok('claim-ticket', {
        ticket_id,
        session_id: `${ticket_id}-2`,
        worktree: true,
      })
      expect(answer.warnings).toHaveLength(1)
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(1024)
    }
  })

  test('without one says so', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    const { worktree } = await claimed(project, { ...T1, session_id: 's1' })
    expect(worktree).toMatchObject({ skipped: true })
    expect(existsSync(folderOf(project))).toBe(false)
  })

  test('is what next-ticket and session-loop make as well, and every claim where the configuration says so', async () => {
    const files = { 'config/tkt.yaml': 'isolation: { worktree_enabled: true, worktree_dir: ../trees }\n' }
    const project = await startInRepository({ 'TKT-1': {}, 'TKT-2': {}, 'TKT-3': {} }, files)
    expect((await project.ok('next-ticket', { session_id: 's1' })).ticket).toMatchObject({
      worktree: { created: true, worktree_path: join(project.root, '../trees/TKT-1') },
    })
    const { loop_state } = await project.ok('session-loop', { session_id: 's2' })
    expect((loop_state as Fields).active_ticket).toMatchObject({
      worktree: { created: true, branch: 'tkt/TKT-2' },
    })
    expect((await project.ok('next-ticket', { session_id: 's3', worktree: false })).ticket).toMatchObject({
      worktree: { skipped: true },
    })
    expect(git(join(project.root, '../trees/TKT-2'), 'status', '--porcelain', '--branch')).toBe(
      '## tkt/TKT-2',
    )
  })

  test('is refused before anything is claimed where there is no repository, or no commit', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    const refused = async (): Promise<void> => {
      expect(await project.refused('claim-ticket', asked)).toMatchObject({ error: 'NOT_A_REPOSITORY' })
      expect(await statusOf(project)).toMatchObject({ status: 'OPEN', claim_no: 0 })
    }
    await refused()
    git(project.root, 'init', '-q')
    await refused()
  })

  test('leaves alone what has the name already, and takes another', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    git(project.root, 'branch', 'tkt/TKT-1')
    writeFiles(project.root, { '.tkt/worktrees/TKT-1-2/mine': 'x' })
    expect((await claimed(project)).worktree).toMatchObject({
      worktree_path: folderOf(project, 'TKT-1-3'),
      branch: 'tkt/TKT-1-3',
    })
  })

  test('that git does not let be made gives the ticket back', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    git(project.root, 'branch', 'tkt') // no branch can lie below it
    expect(await project.refused('claim-ticket', asked)).toMatchObject({ error: 'WORKTREE_FAILED' })
    expect(await statusOf(project)).toMatchObject({
      status: 'OPEN',
      assignee: null,
      outcome: 'its worktree could not be made',
    })
    git(project.root, 'branch', '-m', 'tkt', 'other')
    expect((await claimed(project)).worktree).toMatchObject({ created: true, branch: 'tkt/TKT-1' })
  })
})

describe('the worktree of a ticket that was claimed before', () => {
  test('is taken over with all that is in it, and who takes over is told what is not committed', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    await claimed(project)
    commitFiles(folderOf(project), { 'done.txt': '1' })
    writeFiles(folderOf(project), { 'begun.txt': '2' })
    commitFiles(project.root, { 'other.txt': '' })
    project.wait(61)
    const answer = await project.ok('claim-ticket', { ...asked, session_id: 's2' })
    expect(answer).toMatchObject({
      taken_over_from: 's1',
      warnings: ['.tkt/worktrees/TKT-1 has changes of session s1: begun.txt'],
      ticket: { worktree: { created: false, already_exists: true } },
    })
    expect(git(folderOf(project), 'status', '--porcelain')).toBe('?? begun.txt')
    expect(existsSync(join(folderOf(project), 'done.txt'))).toBe(true)
  })

  test('stays when the ticket is given back or called off, and its branch is taken up when the folder is gone', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    await claimed(project)
    commitFiles(folderOf(project), { 'done.txt': '1' })
    await project.ok('cancel-ticket', { ...T1, session_id: 's9', reason: 'no' })
    expect(existsSync(folderOf(project))).toBe(true)
    await project.ok('reopen-ticket', { ...T1, session_id: 's9', reason: 'yes' })
    rmSync(folderOf(project), { recursive: true })
    expect((await claimed(project)).worktree).toMatchObject({ created: true, branch: 'tkt/TKT-1' })
    expect(existsSync(join(folderOf(project), 'done.txt'))).toBe(true)
  })

  test('begins anew where its branch is not, such as on another machine', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    await claimed(project)
    git(project.root, 'worktree', 'remove', folderOf(project))
    git(project.root, 'branch', '-D', 'tkt/TKT-1')
    commitFiles(project.root, { 'later.txt': '' })
    expect((await claimed(project)).worktree).toMatchObject({ created: true, branch: 'tkt/TKT-1' })
    expect(existsSync(join(folderOf(project), 'later.txt'))).toBe(true)
  })

  test('whose branch is checked out elsewhere is not taken away there', async () => {
    const project = await startInRepository({ 'TKT-1': {} })
    await claimed(project)
    await project.ok('release-ticket', { ...T1, session_id: 's1' })
    git(project.root, 'worktree', 'remove', folderOf(project))
    git(project.root, 'switch', '-q', 'tkt/TKT-1')
    expect(await project.refused('claim-ticket', asked)).toMatchObject({
      error: 'WORKTREE_FAILED',
      message: expect.stringContaining(`tkt/TKT-1 is checked out in ${project.root}`) as string,
    })
    expect(await statusOf(project)).toMatchObject({ status: 'OPEN' })
  })
})
