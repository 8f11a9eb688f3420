/** Runs commands that must be refused. */
import { expect } from 'vitest'
import { treeOf, type Project } from '../support/bundles.ts'
import { tkt, type Ended } from '../support/tkt.ts'
import { tkt as tktHere, type Said } from '../surfaces/cli/tkt.ts'

/** Runs a command that must be refused, and expects the whole project to be as it was. */
export function refused(project: Project, words: readonly string[], input?: string): Ended {
  const before = treeOf(project.root)
  const ended = tkt(words, { cwd: project.root, ...(input === undefined ? {} : { input }) })
  expectRefused(ended)
  expect(treeOf(project.root)).toEqual(before)
  return ended
}

/** The same inside the test's process, for tables with many rows. */
export async function refusedHere(project: Project, words: readonly string[]): Promise<Said> {
  const before = treeOf(project.root)
  const said = await tktHere(words, { cwd: project.root })
  expectRefused(said)
  expect(treeOf(project.root)).toEqual(before)
  return said
}

function expectRefused({ stdout, stderr }: Pick<Said, 'stdout' | 'stderr'>): void {
  expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\{"ok":false,/), ''])
  expect(stderr).toBe('')
}
