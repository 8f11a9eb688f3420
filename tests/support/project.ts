/** A project in a folder of its own, gone when the test ends. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** An empty folder with these files in it (path -> text). */
export function projectFolder(files: Readonly<Record<string, string>> = {}, name = 'project'): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-test-')))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const folder = join(base, name)
  mkdirSync(folder)
  writeFiles(folder, files)
  return folder
}

/** The same, as a git repository on branch main with one commit. */
export function gitProject(
  files: Readonly<Record<string, string>> = { 'README.md': '# test\n' },
  name?: string,
): string {
  const folder = projectFolder(files, name)
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'config', 'user.name', 'Test')
  git(folder, 'config', 'user.email', 'test@localhost')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'Start')
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Runs git and returns what it printed; throws when it fails. */
export function git(folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', [...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}
