import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { acceptGivenFiles, findChangedFiles, type Since } from '../../../src/durable/effects/changed-files.ts'
import { BEFORE_ANY_COMMIT } from '../../../src/durable/effects/claim-base.ts'
import { git, gitProject, projectFolder, writeFiles } from '../../support/project.ts'

const environment = { PATH: process.env.PATH, HOME: process.env.HOME }

const head = (folder: string): string => git(folder, 'rev-parse', 'HEAD')
const find = (root: string, since: Since = {}, worktree?: string) =>
  findChangedFiles({ root, worktree, environment }, since)

/** The files that are found, or why none are. */
async function files(root: string, since: Since = {}, worktree?: string): Promise<unknown> {
  const found = await find(root, since, worktree)
  return 'refused' in found ? found.refused : found.files
}

function commit(folder: string, changes: Readonly<Record<string, string>>): string {
  writeFiles(folder, changes)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'More')
  return head(folder)
}

describe('uncommitted files', () => {
  test('are those staged, not staged and untracked, one by one', async () => {
    const root = gitProject({ staged: '', changed: '', removed: '', same: '' })
    writeFiles(root, {
      staged: 'x',
      changed: 'x',
      'new/a': '',
      'new/b': '',
      '.gitignore': 'ignored\n',
      ignored: '',
    })
    git(root, 'add', 'staged')
    rmSync(join(root, 'removed'))
    const all = ['.gitignore', 'changed', 'new/a', 'new/b', 'removed', 'staged']
    expect(await find(root)).toEqual({ files: all, from: ['uncommitted'] })
  })

  test('are two where one was renamed, and no names become one, whatever bytes they are of', async () => {
    const root = gitProject({ old: 'the same text\n', 'sub/x': '' })
    git(root, 'mv', 'old', 'new -> old')
    const odd = ['"quoted"', ' spaces ', 'line\nend', 'tab\t', 'ä', '\u{1f600}', 'back\\slash', '## a']
    writeFiles(root, Object.fromEntries(odd.map((name) => [name, ''])))
    for (const byte of [0xe9, 0xff]) writeFileSync(Buffer.from([...Buffer.from(`${root}/x`), byte, 0x2e]), '')
    const expected = ['old', 'new -> old', ...odd, 'x\udce9.', 'x\udcff.'].sort()
    expect(await files(root)).toEqual(expected)
    const base = head(root)
    git(root, 'add', '-A')
    git(root, 'commit', '-q', '-m', 'Odd')
    expect(await files(root, { base })).toEqual(expected)
    expect(await files(join(root, 'sub'), { base })).toEqual(expected)
  })

  test('are one for a submodule, changed, committed or a repository of its own', async () => {
    const part = gitProject({ a: '' }, 'part')
    const root = gitProject({ top: '' })
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', part, 'lib/part')
    const base = commit(root, {})
    writeFiles(join(root, 'lib/part'), { a: 'x', b: '', 'c/d': '' })
    expect(await files(root)).toEqual(['lib/part'])
    git(join(root, 'lib/part'), 'add', '-A')
    git(join(root, 'lib/part'), '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'Deep')
    commit(root, {})
    git(root, 'config', 'diff.ignoreSubmodules', 'all')
    expect(await files(root, { base })).toEqual(['lib/part'])
    git(root, 'init', '-q', 'own')
    commit(join(root, 'own'), { 'deep/file': '' })
    expect(await files(root)).toEqual(['own'])
  })
})

describe('committed files', () => {
  test('are those of every commit since the base, beside the uncommitted ones', async () => {
    const root = gitProject({ a: '1', b: '1', moved: 'some text to be found again\n' })
    const base = head(root)
    commit(root, { a: '2' })
    renameSync(join(root, 'moved'), join(root, 'there'))
    commit(root, {})
    commit(root, { a: '1', b: '2' })
    writeFiles(root, { c: '' })
    const all = ['a', 'b', 'c', 'moved', 'there']
    expect(await find(root, { base })).toEqual({
      files: all,
      from: ['uncommitted', 'commits'],
      base_sha: base,
    })
    expect(await find(root, { base: 'HEAD~1' })).toMatchObject({
      files: ['a', 'b', 'c'],
      base_sha: git(root, 'rev-parse', 'HEAD~1'),
    })
    expect(await files(root, { base: 'HEAD' })).toEqual(['c'])
  })

  test('are told whatever the user configured for reading, and on a detached HEAD', async () => {
    const root = gitProject({ 'sub/a': '' })
    const base = head(root)
    git(root, 'checkout', '-q', '--detach')
    commit(root, { 'sub/a': '2', 'sub/b': '' })
    for (const setting of [
      'color.ui always',
      'diff.relative true',
      'log.showSignature true',
      'diff.renames copies',
    ])
      git(root, 'config', ...setting.split(' '))
    expect(await files(join(root, 'sub'), { base })).toEqual(['sub/a', 'sub/b'])
  })

  test('of a worktree are those of its branch, and uncommitted ones those in its folder', async () => {
    const root = gitProject({ a: '1' })
    const base = head(root)
    const tree = join(root, '.tkt/worktrees/a tree')
    git(root, 'worktree', 'add', '-q', '-b', 'work', tree)
    commit(tree, { mine: '' })
    writeFiles(tree, { new: '' })
    commit(root, { a: '2' })
    expect(await files(root, { base }, tree)).toEqual(['mine', 'new'])
    rmSync(join(tree, '.git'))
    expect(await find(root, { base }, tree)).toMatchObject({ refused: 'WORKTREE_GONE' })
    rmSync(tree, { recursive: true })
    expect(await files(root, { base }, tree)).toBe('WORKTREE_GONE')
  })

  test('of a merge are those it settled itself, and all that came with it unless the target has them', async () => {
    const root = gitProject({ both: '1', mine: '1' })
    const base = head(root)
    git(root, 'switch', '-q', '-c', 'helper')
    commit(root, { helped: '' })
    git(root, 'switch', '-q', 'main')
    commit(root, { both: '2', theirs: '' })
    git(root, 'switch', '-q', '-c', 'work', base)
    commit(root, { both: '3', mine: '2' })
    git(root, 'merge', '-q', '--no-edit', 'helper')
    expect(() => git(root, 'merge', 'main')).toThrow()
    commit(root, { both: '4', settled: '' })
    const own = ['both', 'helped', 'mine', 'settled']
    expect(await files(root, { base })).toEqual([...own, 'theirs'])
    expect(await files(root, { base, target: 'main' })).toEqual(own)
    expect(await files(root, { base, target: 'gone' })).toEqual([...own, 'theirs'])
    git(root, 'switch', '-q', 'main')
    git(root, 'merge', '-q', '--no-ff', '--no-edit', 'work')
    git(root, 'switch', '-q', 'work')
    expect(await files(root, { base, target: 'main' })).toEqual(['both', 'mine', 'settled'])
  })

  test('of a claim before the first commit are all of them', async () => {
    const root = projectFolder({ a: '' })
    git(root, 'init', '-q', '-b', 'main')
    expect(await files(root)).toEqual(['a'])
    expect(await find(root, { base: BEFORE_ANY_COMMIT })).toMatchObject({
      files: ['a'],
      base_sha: BEFORE_ANY_COMMIT,
    })
    git(root, 'config', 'user.name', 'Test')
    git(root, 'config', 'user.email', 'test@localhost')
    git(root, 'config', 'log.showRoot', 'false')
    commit(root, { b: '' })
    commit(root, { c: '' })
    expect(await files(root, { base: BEFORE_ANY_COMMIT })).toEqual(['a', 'b', 'c'])
  })
})

describe('what git cannot tell is refused', () => {
  test('without a repository, without git, and when git fails', async () => {
    const root = projectFolder()
    expect(await find(root)).toMatchObject({
      refused: 'NOT_A_REPOSITORY',
      message: `${root} is in no repository that git will use`,
    })
    const without = await findChangedFiles({ root, environment: { PATH: '/nonexistent' } }, {})
    expect(without).toMatchObject({ refused: 'GIT_FAILED' })
    const broken = gitProject()
    writeFileSync(join(broken, '.git/index'), 'no index')
    expect(await find(broken)).toMatchObject({
      refused: 'GIT_FAILED',
      message: expect.stringContaining('index') as string,
    })
  })

  test('for a base that there is not, or that HEAD does not stem from', async () => {
    const root = gitProject()
    const start = head(root)
    for (const base of ['f'.repeat(40), 'absent', '--all', ''])
      expect(await find(root, { base })).toMatchObject({ refused: 'BASE_UNKNOWN' })
    const later = commit(root, { a: '' })
    git(root, 'reset', '-q', '--hard', start)
    const refused = await find(root, { base: later })
    expect(refused).toMatchObject({ refused: 'BASE_NOT_ANCESTOR' })
    git(root, 'checkout', '-q', '--orphan', 'other')
    expect(await files(root, { base: later })).toBe('BASE_NOT_ANCESTOR')
  })
})

describe('files that the caller names', () => {
  test('replace what git says; absolute ones are told from the top of the checkout', async () => {
    const root = gitProject({ 'sub/a': '' })
    writeFiles(root, { new: '' })
    const at = (folder: string) => ({ root: folder, environment })
    const given = ['./b', join(root, 'sub/a')]
    expect(await acceptGivenFiles(at(join(root, 'sub')), given)).toEqual({
      files: ['b', 'sub/a'],
      from: ['given'],
    })
    const refused = { refused: 'INPUT_INVALID' }
    expect(await acceptGivenFiles(at(root), ['/etc/passwd'])).toMatchObject(refused)
    expect(await acceptGivenFiles(at(root), ['../b'])).toMatchObject(refused)
  })

  test('need no git, unless they are absolute', async () => {
    const root = projectFolder()
    expect(await acceptGivenFiles({ root, environment: {} }, ['a'])).toMatchObject({ files: ['a'] })
    expect(await acceptGivenFiles({ root, environment }, [join(root, 'a')])).toMatchObject({
      refused: 'NOT_A_REPOSITORY',
    })
  })
})
