import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openGit } from '../../src/system/git.ts'
import { GitFailure, textOfBytes } from '../../src/system/run-git.ts'

describe('reading', () => {
  test('the branch checked out, whatever its name, and none when HEAD is detached', async () => {
    const { root, environment, git } = makeRepository()
    const opened = await openGit(root, environment)
    expect(await opened.headBranch()).toBe('main')
    git('tag', 'a/b')
    git('switch', '--quiet', '-c', 'a/b')
    expect(await opened.headBranch()).toBe('a/b')
    git('checkout', '--quiet', '--detach')
    expect(await opened.headBranch()).toBeUndefined()
  })

  test('the commit of a name, and none for a name that stands for none', async () => {
    const { root, environment, git } = makeRepository()
    const opened = await openGit(root, environment)
    expect(await opened.resolve('refs/heads/main')).toBe(git('rev-parse', 'main'))
    expect(await opened.resolve('refs/heads/absent')).toBeUndefined()
    expect(await opened.resolve('main:file')).toBeUndefined()
  })

  test('which commit stems from which', async () => {
    const { root, environment, git } = makeRepository()
    git('commit', '--quiet', '--allow-empty', '-m', 'second')
    const opened = await openGit(root, environment)
    expect(await opened.isAncestor('main~1', 'main')).toBe(true)
    expect(await opened.isAncestor('main', 'main')).toBe(true)
    expect(await opened.isAncestor('main', 'main~1')).toBe(false)
    await expect(opened.isAncestor('main', 'absent')).rejects.toThrow(GitFailure)
  })

  test('whether there is a reference of that name, and how far two commits are from each other', async () => {
    const { root, environment, git } = makeRepository()
    git('branch', 'side/a')
    git('commit', '--quiet', '--allow-empty', '-m', 'second')
    const opened = await openGit(root, environment)
    expect(await opened.hasRef('refs/heads/side/a')).toBe(true)
    expect(await opened.hasRef('refs/heads/side')).toBe(false)
    expect(await opened.hasRef('refs/heads/sid')).toBe(false)
    expect(await opened.distance('main', 'side/a')).toEqual({ ahead: 1, behind: 0 })
    expect(await opened.distance('side/a', 'main')).toEqual({ ahead: 0, behind: 1 })
    expect(await opened.distance('absent', 'main')).toBeUndefined()
  })

  test('what is ignored, a folder at a time', async () => {
    const { root, environment } = makeRepository()
    fs.writeFileSync(join(root, '.git/info/exclude'), 'modules/\n.env\n')
    fs.mkdirSync(join(root, 'modules/deep'), { recursive: true })
    for (const path of ['modules/deep/a', 'modules/b', '.env', 'new']) fs.writeFileSync(join(root, path), '')
    expect(await (await openGit(root, environment)).ignored()).toEqual(['.env', 'modules/'])
  })

  test('what changed, with paths from the top however odd, and not hidden by configuration', async () => {
    const { root, environment, git } = makeRepository()
    const opened = await openGit(join(root, 'sub'), environment)
    expect(await opened.changes()).toEqual([])
    git('config', 'status.showUntrackedFiles', 'no')
    git('config', 'status.relativePaths', 'true')
    git('mv', 'file', 'renamed')
    fs.writeFileSync(join(root, 'sub/ä "b"\nc -> d'), '')
    expect(await opened.changes()).toEqual([
      { path: 'file', untracked: false },
      { path: 'renamed', untracked: false },
      { path: 'sub/ä "b"\nc -> d', untracked: true },
    ])
  })

  test('all worktrees, with what is checked out and locked', async () => {
    const { root, environment, git } = makeRepository()
    git('worktree', 'add', '--quiet', '../a tree', '-b', 'a/b')
    git('worktree', 'add', '--quiet', '--detach', '../detached')
    git('worktree', 'lock', '--reason', 'on a drive', '../detached')
    const head = git('rev-parse', 'main')
    expect(await (await openGit(root, environment)).worktrees()).toEqual([
      { path: root, head, branch: 'main', locked: false },
      { path: join(root, '../a tree'), head, branch: 'a/b', locked: false },
      { path: join(root, '../detached'), head, locked: true },
    ])
  })

  test('the folders of a checkout, and none outside of one', async () => {
    const { root, environment, git } = makeRepository()
    git('worktree', 'add', '--quiet', '../tree')
    const shared = join(root, '.git')
    const main = { top: root, own: shared, shared }
    expect(await (await openGit(root, environment)).folders()).toEqual(main)
    expect(await (await openGit(join(root, 'sub'), environment)).folders()).toEqual(main)
    const linked = { top: join(root, '../tree'), own: join(shared, 'worktrees/tree'), shared }
    expect(await (await openGit(join(root, '../tree'), environment)).folders()).toEqual(linked)
    expect(await (await openGit(join(root, '..'), environment)).folders()).toBeUndefined()
    expect(await (await openGit(shared, environment)).folders()).toBeUndefined()
  })

  test('the paths between two commits', async () => {
    const { root, environment, git } = makeRepository()
    fs.writeFileSync(join(root, 'new file'), 'x')
    git('rm', '--quiet', 'file')
    git('add', 'new file')
    git('commit', '--quiet', '-m', 'second')
    const opened = await openGit(root, environment)
    expect(await opened.pathsBetween('main~1', 'main')).toEqual(['file', 'new file'])
    expect(await opened.pathsBetween('main~1', 'main', 'added')).toEqual(['new file'])
  })

  test('the paths of each commit since another, a merge by what it settled itself', async () => {
    const { root, environment, git } = makeRepository()
    const add = (path: string): void => {
      fs.writeFileSync(join(root, path), path)
      git('add', path)
      git('commit', '--quiet', '-m', path)
    }
    git('switch', '--quiet', '-c', 'side')
    add('aside')
    git('switch', '--quiet', 'main')
    add('here')
    git('merge', '--quiet', '--no-edit', 'side')
    const opened = await openGit(root, environment)
    const paths = async (...since: readonly string[]) => [...(await opened.pathsOfCommits(...since))].sort()
    expect(await paths()).toEqual(['aside', 'file', 'here'])
    expect(await paths('main~2')).toEqual(['aside', 'here'])
    expect(await paths('main~2', 'side')).toEqual(['here', 'here'])
    expect(await paths('main')).toEqual([])
    await expect(paths('absent')).rejects.toThrow(GitFailure)
  })
})

describe('changing', () => {
  test('git keeps a branch that is checked out', async () => {
    const { root, environment, git } = makeRepository()
    git('branch', 'some/work')
    git('branch', 'something')
    const opened = await openGit(root, environment)
    expect(await opened.branchesIn('some')).toEqual(['some/work'])
    expect(await opened.deleteBranch('some/work')).toBe(true)
    expect(await opened.branchesIn('some')).toEqual([])
    expect(await opened.deleteBranch('main')).toBe(false)
    expect(await opened.deleteBranch('absent')).toBe(false)
    expect(git('branch', '--list', '--format=%(refname:short)')).toBe('main\nsomething')
  })

  test('no branch name is taken for an option, and none is guessed from a remote', async () => {
    const { root, environment, git } = makeRepository()
    const opened = await openGit(root, environment)
    await expect(opened.checkout('--orphan')).rejects.toThrow('dash')
    await expect(opened.deleteBranch('-D')).rejects.toThrow('dash')
    await expect(opened.addWorktree({ path: join(root, 'x'), branch: '--force' })).rejects.toThrow('dash')
    git('remote', 'add', 'origin', '.')
    git('update-ref', 'refs/remotes/origin/remote-only', 'main')
    await expect(opened.checkout('remote-only')).rejects.toThrow(GitFailure)
  })
})

describe('how git is started', () => {
  test.each([
    [[], ''],
    [[...Buffer.from('ä€\u{1f600}\0')], 'ä€\u{1f600}\0'],
    [[0x61, 0xe9, 0x0a], 'a\udce9\n'],
    [[0xc3, 0xa4, 0xff, 0xc3], 'ä\udcff\udcc3'],
    [[0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x98], '\udce2\udc82A\udcf0\udc9f\udc98'],
    [[0xed, 0xa0, 0x80, 0xc0, 0x80], '\udced\udca0\udc80\udcc0\udc80'], // half a character, and a NUL in disguise
    [[0xf4, 0x90, 0x80, 0x80, 0xf0, 0x9f, 0x98, 0x80], '\udcf4\udc90\udc80\udc80\u{1f600}'],
  ])('what it says is text in which no byte is lost: %j', (bytes, text) => {
    expect(textOfBytes(Buffer.from(bytes))).toBe(text)
  })

  test('a refusal carries arguments, code and words', async () => {
    const { root, environment } = makeRepository()
    const failure = await (await openGit(root, environment)).detach('absent').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(GitFailure)
    expect(failure).toMatchObject({
      args: ['checkout', '--detach', 'absent', '--'],
      exit_code: 128,
      stderr: expect.stringContaining('absent') as string,
    })
  })

  test('a directory that is absent, and git not installed, are failures without a code', async () => {
    const { root, environment } = makeRepository()
    for (const [directory, PATH] of [
      [join(root, 'absent'), environment.PATH],
      [root, '/nonexistent'],
    ] as const) {
      const opened = await openGit(directory, { ...environment, PATH })
      const failure = await opened.headBranch().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(GitFailure)
      expect(failure).toMatchObject({ exit_code: undefined })
    }
  })

  test('what a hook of another repository sets is not passed on', async () => {
    const { root, environment } = makeRepository()
    const hook = { GIT_DIR: '/nonexistent', GIT_WORK_TREE: '/nonexistent', GIT_INDEX_FILE: '/nonexistent/i' }
    expect(await (await openGit(root, { ...environment, ...hook })).changes()).toEqual([])
  })

  test("the rest of the user's environment is passed on, editors and configuration included", async () => {
    const { root, environment } = makeRepository()
    const configured = {
      ...environment,
      EDITOR: 'vi',
      PAGER: 'less',
      GIT_SSH_COMMAND: 'ssh -4',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: '/nonexistent',
      GIT_CONFIG_KEY_1: 'core.excludesFile',
      GIT_CONFIG_VALUE_1: join(root, '../ignored'),
    }
    fs.writeFileSync(join(root, '../ignored'), '*.log\n')
    fs.writeFileSync(join(root, 'a.log'), '')
    expect(await (await openGit(root, configured)).changes()).toEqual([])
    expect(await (await openGit(root, environment)).changes()).toEqual([{ path: 'a.log', untracked: true }])
  })
})

function makeRepository() {
  const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'tkt git ')))
  onTestFinished(() => fs.rmSync(base, { recursive: true, force: true }))
  const root = join(base, 'my project')
  fs.mkdirSync(join(root, 'sub'), { recursive: true })
  const who = {
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'a@b',
  }
  const environment = { PATH: process.env.PATH, HOME: base, GIT_CONFIG_NOSYSTEM: '1', ...who }
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8', stdio: 'pipe' }).trimEnd()
  git('init', '--quiet', '--initial-branch=main')
  fs.writeFileSync(join(root, 'file'), 'one\n')
  git('add', 'file')
  git('commit', '--quiet', '-m', 'first')
  return { root, environment, git }
}
