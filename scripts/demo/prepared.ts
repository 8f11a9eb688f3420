/** The work that the agents of the demo have prepared, in place of a model that would think of it. */
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Copies what an agent has prepared into the worktree, its reports excepted. Returns the paths. */
export function layFiles(prepared: string, worktree: string): readonly string[] {
  const paths = readdirSync(prepared, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !REPORTS.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(prepared.length + 1))
    .sort()
  for (const path of paths) cpSync(join(prepared, path), join(worktree, path))
  return paths
}

const REPORTS: readonly string[] = ['summary.txt', 'evidence.txt']
