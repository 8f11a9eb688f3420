/** Acceptance commands that misbehave in a bundle's worktree, while it shows the branch merged with its target. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, startGitProject, type Project } from '../support/bundles.ts'
import { git, writeFiles } from '../support/project.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'

const self = `"${process.execPath}" "${DIST}"`

/** B-001 with its worktree, work on both branches, and one worker with this command. */
async function startWith(run: string): Promise<Project> {
  const project = await startGitProject({ 'config/tkt.yaml': 'ticket: { lock_timeout: 0 }\n' })
  await project.ok('create-bundle', { goal: 'Apart', worktree: 'true' })
  await project.ok('add', { bundle: 'B-001', title: 'Part 1', run })
  await finishAll(project)
  commit(join(project.root, '.worktrees/B-001'), 'work.txt')
  commit(project.root, 'other.txt')
  return project
}

function commit(folder: string, name: string): void {
  writeFiles(folder, { [name]: `${name}\n` })
  git(folder, 'add', name)
  git(folder, 'commit', '-q', '-m', name)
}

const statusOf = (project: Project): unknown => project.yaml('.tkt/bundles/B-001/bundle.yaml').status

test('a close may be run from inside the worktree that it removes; the next command still finds the store', async () => {
  const project = await startWith('true')
  const script = `cd .worktrees/B-001 && ${self} close B-001 --merge && ${self} status B-001`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd: project.root,
    env: environment(),
    encoding: 'utf8',
  })
  const answers = stdout.trimEnd().split('\n')
  expect([status, stderr, answers]).toMatchObject([0, '', { length: 2 }])
  expect(JSON.parse(answers[0] ?? '')).toMatchObject({ closed: true, merged: true })
  expect(JSON.parse(answers[1] ?? '')).toMatchObject({ bundle: 'B-001', status: 'closed' })
})

describe('while a close judges the merged tree', () => {
  test.each([
    [
      'another look at the bundle does not disturb it',
      `${self} close B-001 --dry-run && ${self} status B-001`,
    ],
    ['nor does another close, which is told to wait', `${self} close B-001 --merge | grep LOCK_TIMEOUT`],
    [
      'files that are left lying about do not matter',
      'echo x > litter.txt && mkdir -p build && echo x > build/out',
    ],
    ['changed files are put back', 'echo changed >> work.txt && git add -A && echo more >> other.txt'],
    ['a commit of its own is left behind', 'echo x > own.txt && git add -A && git commit -q -m own'],
  ])('%s', async (_, run) => {
    const project = await startWith(`${run} && test -f other.txt && test -f work.txt`)
    const { code, json } = tkt(['close', 'B-001', '--merge'], { cwd: project.root })
    expect([code, json]).toMatchObject([0, { closed: true, merged: true, carryover_count: 0 }])
    expect(git(project.root, 'status', '--porcelain')).toBe('')
    expect(git(project.root, 'ls-files')).toBe('.gitignore\nconfig/tkt.yaml\nother.txt\nwork.txt')
    expect([project.text('work.txt'), project.text('other.txt')]).toEqual(['work.txt\n', 'other.txt\n'])
    expect(existsSync(join(project.root, '.worktrees/B-001'))).toBe(false)
  })

  test.each([
    ['the worktree is removed', 'rm -rf "$PWD"'],
    ['the worktree goes to another branch', 'git checkout -q -b elsewhere'],
    ['its branch goes back', 'git branch -f bundle/B-001 HEAD~1'],
    ['its target moves on', 'cd ../.. && echo x > moved.txt && git add moved.txt && git commit -q -m moved'],
    ['the repository is broken', 'mv ../../.git/HEAD ../../.git/NO-HEAD'],
  ])('%s: nothing is merged that was not judged, and the answer is the truth', async (_, run) => {
    const project = await startWith(run)
    const before = git(project.root, 'rev-parse', 'main')
    const { code, json, stderr } = tkt(['close', 'B-001', '--merge'], { cwd: project.root })
    expect([json.error, json.ok, stderr]).not.toEqual(['INTERNAL', false, ''])
    expect(stderr).toBe('')
    const noHead = join(project.root, '.git/NO-HEAD')
    if (existsSync(noHead)) git(project.root, '--git-dir', '.git', 'version')
    if (json.ok === true) {
      expect([code, statusOf(project), project.has('work.txt')]).toEqual([0, 'closed', true])
    } else {
      expect([5, 6, 4]).toContain(code)
      if (!existsSync(noHead))
        expect(git(project.root, 'merge-base', '--is-ancestor', before, 'main')).toBe('')
      expect(statusOf(project)).toBe('in_progress')
      expect(project.has('work.txt')).toBe(false)
    }
  })
})
