import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withLock } from '../../../src/system/lock.ts'
import { git, writeFiles } from '../../support/project.ts'
import { commitFiles, startInRepository, type DurableProject, type Fields } from './project.ts'

const WHY = { session_id: 's9', reason: 'not needed' }

const folderOf = ({ root }: DurableProject, key: string): string => join(root, '.tkt/worktrees', key)

/** TKT-1 is at work; of the others, which are over, TKT-2 is merged, TKT-3 is not, and TKT-4 has changes. */
async function startLeft(): Promise<DurableProject> {
  const keys = ['TKT-1', 'TKT-2', 'TKT-3', 'TKT-4']
  const project = await startInRepository(Object.fromEntries(keys.map((key) => [key, {}])))
  for (const [index, ticket_id] of keys.entries())
    await project.ok('claim-ticket', { ticket_id, session_id: `s${index}`, worktree: true })
  commitFiles(folderOf(project, 'TKT-3'), { 'work.txt': '' })
  writeFiles(folderOf(project, 'TKT-4'), { 'begun.txt': '' })
  for (const ticket_id of keys.slice(1)) await project.ok('cancel-ticket', { ticket_id, ...WHY })
  git(project.root, 'branch', 'tkt/somebodys')
  return project
}

describe('worktrees of tickets', () => {
  test('are shown with how they stand, and which nobody needs any more', async () => {
    const project = await startLeft()
    const { worktrees, orphans } = await project.ok('worktree-status')
    expect([worktrees, orphans]).toMatchObject([
      [
        {
          bundle: null,
          ticket: 'TKT-1',
          ticket_status: 'CLAIMED',
          state: 'clean',
          merged: true,
          orphan: false,
        },
        { ticket: 'TKT-2', ticket_status: 'CLOSED', branch: 'tkt/TKT-2', target: 'main', orphan: true },
        { ticket: 'TKT-3', ahead: 1, behind: 0, merged: false, orphan: true },
        { ticket: 'TKT-4', state: 'dirty', changes: 1, paths: ['begun.txt'], orphan: true },
      ],
      3,
    ])
    const { findings } = await project.ok('doctor')
    expect((findings as Fields[]).filter(({ check }) => check === 'orphan-worktree')).toMatchObject([
      { where: '.tkt/worktrees/TKT-2', fault: false, next: 'tkt worktree-prune' },
      { says: 'TKT-3 is CLOSED; tkt/TKT-3 has 1 commit that main does not have' },
      { says: 'TKT-4 is CLOSED; it has changes: begun.txt' },
    ])
  })

  test('are taken away when nothing would be lost; of the others it is told why they stay', async () => {
    const project = await startLeft()
    const expected = {
      pruned: [{ ticket: 'TKT-2', path: '.tkt/worktrees/TKT-2', branch: 'tkt/TKT-2' }],
      kept: [
        {
          ticket: 'TKT-1',
          reason: 'TKT-1 is CLAIMED',
          next_step: '`tkt close-ticket TKT-1` when the work is done',
        },
        { ticket: 'TKT-3', reason: 'tkt/TKT-3 has 1 commit that main does not have' },
        { ticket: 'TKT-4', reason: 'it has changes: begun.txt' },
      ],
    }
    expect(await project.ok('worktree-prune', { dry_run: true })).toMatchObject(expected)
    expect(existsSync(folderOf(project, 'TKT-2'))).toBe(true)
    expect(await project.ok('worktree-prune')).toMatchObject(expected)
    expect(existsSync(folderOf(project, 'TKT-2'))).toBe(false)
    expect(git(project.root, 'branch', '--format=%(refname:short)').split('\n')).toEqual([
      'main',
      'tkt/TKT-1',
      'tkt/TKT-3',
      'tkt/TKT-4',
      'tkt/somebodys',
    ])
    git(project.root, 'merge', '-q', 'tkt/TKT-3')
    writeFiles(folderOf(project, 'TKT-3'), { '.gitignore': '/built\n', built: 'x' })
    git(folderOf(project, 'TKT-3'), 'add', '-A')
    git(folderOf(project, 'TKT-3'), 'commit', '-q', '-m', 'Ignore')
    git(project.root, 'merge', '-q', 'tkt/TKT-3')
    expect((await project.ok('worktree-prune')).kept).toMatchObject([
      { ticket: 'TKT-1' },
      { ticket: 'TKT-3', reason: 'files that git ignores would go with it: built' },
      { ticket: 'TKT-4' },
    ])
    expect(await project.ok('worktree-prune', { ignored: true })).toMatchObject({
      pruned: [{ ticket: 'TKT-3' }],
    })
  })

  test('that somebody is at stay, and hold up none of the others', async () => {
    const project = await startLeft()
    writeFiles(project.root, { 'config/tkt.yaml': 'ticket: { lock_timeout: 0 }\n' })
    await project.ok('cancel-ticket', { ticket_id: 'TKT-1', ...WHY })
    const lock = { directory: join(project.root, '.tkt/locks'), name: 'worktree-TKT-1', wait_ms: 0 }
    const answer = await withLock(lock, () => project.ok('worktree-prune'))
    expect(answer).toMatchObject({
      pruned: [{ ticket: 'TKT-2' }],
      kept: [{ ticket: 'TKT-1', next_step: 'prune again when that has ended' }, {}, {}],
    })
  })

  test('that a close was cut in go when what is told is done', async () => {
    const project = await startLeft()
    git(folderOf(project, 'TKT-2'), 'update-ref', 'refs/worktree/tkt-judging', 'HEAD')
    git(folderOf(project, 'TKT-2'), 'checkout', '-q', '--detach')
    const { kept } = await project.ok('worktree-prune')
    const [, { next_step }] = kept as readonly [unknown, { readonly next_step: string }]
    const [, command = ''] = /`(.*)`/.exec(next_step) ?? []
    execFileSync('sh', ['-c', command], { cwd: folderOf(project, 'TKT-2'), stdio: 'pipe' })
    expect((await project.ok('worktree-prune')).pruned).toMatchObject([{ ticket: 'TKT-2' }])
  })

  test('of a ticket that is opened again are taken up, and those that a close left go', async () => {
    const project = await startLeft()
    await project.ok('reopen-ticket', { ticket_id: 'TKT-2', ...WHY })
    expect((await project.ok('worktree-prune')).pruned).toEqual([])
    await project.ok('claim-ticket', { ticket_id: 'TKT-2', session_id: 's7', worktree: true })
    commitFiles(folderOf(project, 'TKT-2'), { 'more.txt': '' })
    git(project.root, 'worktree', 'lock', folderOf(project, 'TKT-2'))
    expect(await project.ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's7' })).toMatchObject({
      ticket: { worktree: { merged: true, cleaned_up: false } },
      warnings: [expect.stringContaining('is locked') as string],
    })
    expect((await project.ok('worktree-prune')).kept).toMatchObject([
      { ticket: 'TKT-1' },
      { ticket: 'TKT-2', reason: expect.stringContaining('is locked') as string },
      { ticket: 'TKT-3' },
      { ticket: 'TKT-4' },
    ])
    git(project.root, 'worktree', 'unlock', folderOf(project, 'TKT-2'))
    expect((await project.ok('worktree-prune')).pruned).toMatchObject([{ ticket: 'TKT-2' }])
  })
})
