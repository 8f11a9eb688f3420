/** Git writes what it knows of a new worktree file by file: who meets it half written must not end with an error. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openGit, type Git } from '../../src/system/git.ts'
import { withLock } from '../../src/system/lock.ts'
import { git, gitProject } from '../support/project.ts'

const AT_ONCE = 12

/** As another process leaves it in the middle of an addition, which holds the lock until the rest is written. */
async function besideHalfAdded<T>(root: string, ask: () => Promise<T>): Promise<T> {
  const half = join(root, '.git/worktrees/half')
  mkdirSync(half, { recursive: true })
  writeFileSync(join(half, 'gitdir'), `${join(root, 'half/.git')}\n`)
  writeFileSync(join(half, 'HEAD'), `${git(root, 'rev-parse', 'HEAD')}\n`)
  writeFileSync(join(half, 'commondir'), '')
  let asked: Promise<T> | undefined
  await withLock({ directory: join(root, '.git/tkt-locks'), name: 'worktrees', wait_ms: 0 }, async () => {
    expect(() => git(root, 'worktree', 'list')).toThrow(/commondir/)
    asked = ask()
    await Promise.race([asked.catch(() => undefined), new Promise((pass) => setTimeout(pass, 100))])
    writeFileSync(join(half, 'commondir'), '../..\n')
  })
  if (asked === undefined) throw new Error('asked in the lock')
  return asked
}

test.each<[string, (opened: Git) => Promise<unknown>]>([
  ['a list of worktrees', (opened) => opened.worktrees()],
  ['another addition', (opened) => opened.addWorktree({ path: 'second', branch: 'second', newAt: 'HEAD' })],
  ['a removal', (opened) => opened.removeWorktree('first')],
  ['a checkout of a branch', (opened) => opened.checkout('other')],
  ['a deletion of a branch', (opened) => opened.deleteBranch('other')],
])('%s waits for an addition that is going on', async (_name, ask) => {
  const root = gitProject({ 'README.md': '# test\n' })
  git(root, 'branch', 'other')
  git(root, 'worktree', 'add', '-q', '-b', 'first', 'first')
  const opened = await openGit(root, process.env)
  await expect(besideHalfAdded(root, () => ask(opened))).resolves.not.toBe(false)
})

test('what fails for another reason tells that', async () => {
  const root = gitProject({ 'README.md': '# test\n' })
  const opened = await openGit(root, process.env)
  await expect(opened.removeWorktree('nowhere')).rejects.toThrow(/'nowhere' is not a working tree/)
})

test(`${AT_ONCE} additions at once all succeed, ten times`, async () => {
  const root = gitProject({ 'README.md': '# test\n' })
  for (let round = 1; round <= 10; round += 1) {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `${round}-${index}`)
    const add = async (name: string): Promise<void> => {
      const opened = await openGit(root, process.env)
      await opened.addWorktree({ path: `trees/${name}`, branch: name, newAt: 'HEAD' })
      await opened.worktrees()
    }
    await Promise.all(names.map(add))
  }
  const opened = await openGit(root, process.env)
  expect(await opened.worktrees()).toHaveLength(10 * AT_ONCE + 1)
})

test(`of ${AT_ONCE} branches that a checkout is moved to at once one has it, and the others leave no file behind`, async () => {
  const root = gitProject({ 'README.md': '# test\n' })
  const begin = git(root, 'rev-parse', 'HEAD')
  const commits = Array.from({ length: AT_ONCE }, (_, index) => {
    git(root, 'checkout', '-q', '-b', `branch-${index}`, begin)
    writeFileSync(join(root, `${index}.txt`), 'text\n')
    git(root, 'add', '-A')
    git(root, 'commit', '-q', '-m', `commit ${index}`)
    return git(root, 'rev-parse', 'HEAD')
  })
  for (let round = 1; round <= 10; round += 1) {
    git(root, 'checkout', '-q', '-B', `round-${round}`, begin)
    const move = async (commit: string) => (await openGit(root, process.env)).fastForward(commit)
    const moved = await Promise.all(commits.map(move))
    expect(moved.filter(({ ok }) => ok)).toHaveLength(1)
    expect(git(root, 'status', '--porcelain')).toBe('')
  }
})
