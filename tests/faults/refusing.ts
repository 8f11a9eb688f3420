/** Runs commands that must be refused. */
import { expect } from 'vitest'
import { treeOf, type Project } from '../support/bundles.ts'
import { tkt, type Ended } from '../support/tkt.ts'

/** Runs a command that must be refused, and expects the whole project to be as it was. */
export function refused(project: Project, words: readonly string[], input?: string): Ended {
  const before = treeOf(project.root)
  const ended = tkt(words, { cwd: project.root, ...(input === undefined ? {} : { input }) })
  expect(ended.stdout.split('\n')).toEqual([expect.stringMatching(/^\{"ok":false,/), ''])
  expect(ended.stderr).toBe('')
  expect(treeOf(project.root)).toEqual(before)
  return ended
}
