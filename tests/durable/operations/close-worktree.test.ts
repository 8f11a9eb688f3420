import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import { git, writeFiles } from '../../support/project.ts'
import { commitFiles, startInRepository, type DurableProject, type Fields } from './project.ts'

const T1 = { ticket_id: 'TKT-1' }
const own = { ...T1, session_id: 's1' }

const folderOf = ({ root }: DurableProject): string => join(root, '.tkt/worktrees/TKT-1')

/** TKT-1 is held by s1, who committed `work.txt` in its worktree. */
async function startWorked(
  config: Readonly<Record<string, string>> = {},
  more: RawInput = {},
): Promise<DurableProject> {
  const project = await startInRepository({ 'TKT-1': more }, config)
  await project.ok('claim-ticket', { ...own, worktree: true })
  commitFiles(folderOf(project), { 'work.txt': 'work\n' })
  return project
}

const ticketOf = async (project: DurableProject): Promise<Fields> =>
  (await project.ok('show-ticket', T1)).ticket as Fields

const refs = ({ root }: DurableProject): string =>
  git(root, 'for-each-ref', '--format=%(refname) %(objectname)')

/** The close is refused, and all is as it was. */
async function expectRefused(project: DurableProject, expected: Fields, raw: Fields = own): Promise<void> {
  const before = refs(project)
  expect(await project.refused('close-ticket', raw)).toMatchObject(expected)
  expect(await ticketOf(project)).toMatchObject({ status: 'CLAIMED', assignee: 's1' })
  expect(refs(project)).toBe(before)
  expect(git(folderOf(project), 'symbolic-ref', '--short', 'HEAD')).toBe('tkt/TKT-1')
}

describe('a close of a ticket with a worktree', () => {
  test('merges the branch, closes the ticket, and takes the worktree away', async () => {
    const project = await startWorked()
    const { ticket } = await project.ok('close-ticket', own)
    const commit = git(project.root, 'rev-parse', 'main')
    expect(ticket).toMatchObject({
      status: 'CLOSED',
      proof: { merge: { branch: 'tkt/TKT-1', target: 'main', commit } },
      worktree: { branch: 'tkt/TKT-1', merged: true, cleaned_up: true, commit },
    })
    expect(git(project.root, 'log', '-1', '--format=%s')).toBe('Merge tkt/TKT-1 (TKT-1: Title of TKT-1)')
    expect(existsSync(join(project.root, 'work.txt'))).toBe(true)
    expect(existsSync(folderOf(project))).toBe(false)
    expect(git(project.root, 'branch', '--format=%(refname:short)')).toBe('main')
    expect((await ticketOf(project)).proof).toMatchObject({ merge: { target: 'main', commit } })
  })

  test('runs what must pass where the branch and its target are together, and merges that very commit', async () => {
    const project = await startWorked({
      'config/tkt.yaml':
        'verification: { commands: ["test -f work.txt && test -f other.txt && git rev-parse HEAD"] }\n',
    })
    commitFiles(project.root, { 'other.txt': 'meanwhile\n' })
    await project.ok('close-ticket', { ...own, evidence: ['file:work.txt', 'cmd:ls other.txt'] })
    const { proof } = await ticketOf(project)
    expect(proof).toMatchObject({
      evidence_checks: [
        { kind: 'file', status: 'verified' },
        { kind: 'cmd', status: 'verified' },
      ],
      verification: [{ output_tail: `${git(project.root, 'rev-parse', 'main')}\n` }],
    })
  })

  test('with a conflict leaves it in hand and says what to do; resolved, it closes', async () => {
    const project = await startWorked()
    commitFiles(project.root, { 'work.txt': 'other work\n' })
    await expectRefused(project, {
      error: 'MERGE_FAILED',
      error_code: 'SK-GIT-002',
      details: {
        problem: 'conflict',
        paths: ['work.txt'],
        worktree: { branch: 'tkt/TKT-1', merged: false, conflict: true },
      },
    })
    const tree = folderOf(project)
    expect(() => git(tree, 'merge', 'main')).toThrow()
    commitFiles(tree, { 'work.txt': 'both\n' })
    await project.ok('close-ticket', own)
    expect(git(project.root, 'show', 'main:work.txt')).toBe('both')
  })

  test('is refused while something is not committed, or the worktree is on another branch', async () => {
    const project = await startWorked()
    writeFiles(folderOf(project), { 'more.txt': '' })
    await expectRefused(project, { error: 'WORKTREE_DIRTY', details: { paths: ['more.txt'] } })
    rmSync(join(folderOf(project), 'more.txt'))
    git(folderOf(project), 'switch', '-q', '-c', 'side')
    expect(await project.refused('close-ticket', own)).toMatchObject({ error: 'WORKTREE_DIRTY' })
  })

  test('goes into the branch that it was cut from, or nowhere', async () => {
    const project = await startWorked()
    git(project.root, 'switch', '-q', '-c', 'release')
    await expectRefused(project, { error: 'MERGE_FAILED', details: { problem: 'wrong_branch' } })
    git(project.root, 'switch', '-q', 'main')
    await project.ok('close-ticket', own)
  })

  test('does not overwrite what is not committed in the main checkout', async () => {
    const project = await startWorked()
    writeFiles(project.root, { 'work.txt': 'precious\n' })
    await expectRefused(project, {
      error: 'MERGE_FAILED',
      details: { problem: 'main_blocked', paths: ['work.txt'] },
    })
    expect(await readFile(join(project.root, 'work.txt'), 'utf8')).toBe('precious\n')
  })

  test('whose command fails merges nothing', async () => {
    const project = await startWorked({
      'config/tkt.yaml': 'verification: { commands: ["echo no > work.txt; false"] }\n',
    })
    await expectRefused(project, { error: 'PRE_CLOSE_VERIFICATION_FAILED' })
    expect(git(folderOf(project), 'status', '--porcelain')).toBe('')
  })

  test('merges nothing for a claim that is lost while a command runs', async () => {
    const project = await startWorked()
    const [began, go] = [join(project.root, '.git/began'), join(project.root, '.git/go')]
    execFileSync('mkfifo', [began, go])
    const closing = project.refused('close-ticket', {
      ...own,
      evidence: [`cmd:echo . > ${began}; cat ${go}`],
    })
    await readFile(began)
    project.wait(61)
    await project.ok('claim-ticket', { ...T1, session_id: 's2' })
    const before = refs(project)
    await writeFile(go, 'on')
    expect(await closing).toMatchObject({ error: 'TICKET_NOT_OWNED_BY_SESSION' })
    expect(
      refs(project)
        .split('\n')
        .filter((ref) => !ref.startsWith('refs/worktree/')),
    ).toEqual(before.split('\n'))
    expect(git(project.root, 'rev-parse', 'main')).not.toContain('work')
    expect(existsSync(join(project.root, 'work.txt'))).toBe(false)
    await project.ok('close-ticket', { ...T1, session_id: 's2' })
    expect(existsSync(join(project.root, 'work.txt'))).toBe(true)
  })

  test('leaves the merge to a person where the configuration says so', async () => {
    const project = await startWorked({ 'config/tkt.yaml': 'isolation: { auto_merge_on_close: false }\n' })
    const { ticket } = await project.ok('close-ticket', own)
    expect(ticket).toMatchObject({ status: 'CLOSED', worktree: { branch: 'tkt/TKT-1', merged: false } })
    expect(existsSync(folderOf(project))).toBe(true)
    expect(existsSync(join(project.root, 'work.txt'))).toBe(false)
  })

  test('of what a person merged already only closes it', async () => {
    const project = await startWorked()
    git(project.root, 'merge', '-q', 'tkt/TKT-1')
    const { ticket } = await project.ok('close-ticket', own)
    expect(ticket).toMatchObject({ status: 'CLOSED', worktree: { merged: true, cleaned_up: true } })
  })

  test('finds the worktree gone, and says how it comes back', async () => {
    const project = await startWorked()
    rmSync(folderOf(project), { recursive: true })
    expect(await project.refused('close-ticket', own)).toMatchObject({
      error: 'WORKTREE_GONE',
      hint: '`tkt claim-ticket TKT-1 --worktree` makes it again',
    })
    await project.ok('claim-ticket', { ...own, worktree: true })
    await project.ok('close-ticket', own)
    expect(existsSync(join(project.root, 'work.txt'))).toBe(true)
  })

  test('judges its scope by what was done in the worktree, since it was cut', async () => {
    const project = await startWorked(
      { 'config/tkt.yaml': 'enforcement: { scope: block }\n' },
      { scope_allow: 'src/' },
    )
    commitFiles(project.root, { 'docs/of-others.md': '' })
    git(folderOf(project), 'merge', '-q', '--no-edit', 'main')
    await expectRefused(project, { error: 'SCOPE_BREACH', details: { out_of_scope_files: ['work.txt'] } })
    git(folderOf(project), 'rm', '-q', 'work.txt')
    commitFiles(folderOf(project), { 'src/work.txt': '' })
    expect((await project.ok('check-ticket-scope', T1)).scope_report).toMatchObject({
      changed_files: ['src/work.txt', 'work.txt'],
    })
  })
})
