/** Bundles with worktrees of one repository, made and closed at once: all of them get merged, none of them twice. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finishAll, startGitProject } from '../support/bundles.ts'
import { git, writeFiles } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'
import { crowd, numbered, race } from './race.ts'

const BUNDLES = numbered('B', 1, 4)

test(
  'who comes second when bundles are merged is told to repeat, and that works',
  { timeout: 120_000 },
  async () => {
    const project = await startGitProject()
    const made = await race(
      crowd(BUNDLES.length, (number) => ['create-bundle', '--goal', `Goal ${number}`, '--worktree']),
      project.root,
    )
    expect(made.map(({ json }) => json.bundle_id).toSorted()).toEqual(BUNDLES)
    for (const bundle of BUNDLES) {
      await project.ok('add', { bundle, title: 'Part', run: `test -f ${bundle}.txt` })
      await finishAll(project, bundle)
      const worktree = join(project.root, '.worktrees', bundle)
      writeFiles(worktree, { [`${bundle}.txt`]: `${bundle}\n` })
      git(worktree, 'add', '-A')
      git(worktree, 'commit', '-q', '-m', bundle)
    }
    const answers = await race(
      BUNDLES.map((bundle) => ['close', bundle, '--merge']),
      project.root,
    )
    expect(answers.some(({ code }) => code === 0)).toBe(true)
    for (const [index, { code, json }] of answers.entries()) {
      expect([0, 'MERGE_FAILED', 'WORKTREE_NOT_REMOVED']).toContain(json.error ?? code)
      const again = tkt(['close', BUNDLES[index] ?? '', '--merge'], { cwd: project.root })
      expect([again.json.message, again.json.closed]).toEqual([undefined, true])
    }
    expect(git(project.root, 'status', '--porcelain')).toBe('')
    expect(git(project.root, 'ls-files')).toBe(
      ['.gitignore', ...BUNDLES.map((bundle) => `${bundle}.txt`)].join('\n'),
    )
    expect(git(project.root, 'log', '--merges', '--first-parent', '--format=%s').split('\n')).toHaveLength(
      BUNDLES.length,
    )
    expect(BUNDLES.filter((bundle) => existsSync(join(project.root, '.worktrees', bundle)))).toEqual([])
    expect(project.history().filter((line) => line.startsWith('BUNDLE_CLOSED '))).toHaveLength(BUNDLES.length)
  },
)
