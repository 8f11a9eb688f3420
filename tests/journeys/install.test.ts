import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { obstacleTo, WITH_MOUNTS, WITHOUT_NETWORK } from '../support/isolation.ts'
import { git, gitProject, projectFolder } from '../support/project.ts'
import { contentOf, FORMS, nodeOn, runnerOf, SKILL, skillFolder, type Call } from '../support/skill-folder.ts'
import { workStory } from '../support/story.ts'

/** A project with the skill in `.agents/skills`, and what a situation makes of it. */
interface Installed {
  readonly project: string
  readonly skill: string
}

interface Situation {
  readonly title: string
  readonly project?: () => string
  /** Sets the situation up; says how to run, and through which path when it is not the folder itself. */
  readonly arrange: (installed: Installed) => Partial<Call> & { readonly skill?: string }
  /** Why this machine cannot make the situation; undefined when it can. */
  readonly obstacle?: () => string | undefined
}

const SITUATIONS: readonly Situation[] = [
  { title: 'from the project', arrange: () => ({}) },
  { title: 'in a project without git', project: () => projectFolder(), arrange: () => ({}) },
  { title: 'from a sub-folder', arrange: ({ project }) => ({ cwd: made(project, 'src/deep') }) },
  { title: 'from a linked worktree', arrange: ({ project }) => ({ cwd: linkedWorktree(project) }) },
  { title: 'from the skill folder itself', arrange: ({ skill }) => ({ cwd: skill }) },
  {
    title: 'from the skill folder when it is a repository of its own',
    arrange: ({ skill }) => {
      git(skill, 'init', '-q')
      return { cwd: join(skill, 'scripts') }
    },
  },
  { title: 'through the link in .claude/skills', arrange: ({ project }) => ({ skill: linked(project) }) },
  {
    title: 'from the linked skill folder',
    arrange: ({ project }) => ({ skill: linked(project), cwd: join(linked(project), 'scripts') }),
  },
  {
    title: 'from a path with spaces and letters beyond ASCII',
    project: () => gitProject({}, "Übung's  Projekt, 100 %"),
    arrange: () => ({}),
  },
  {
    title: 'through scripts/tkt.sh, from such a path',
    project: () => gitProject({}, "Übung's  Projekt, 100 %"),
    arrange: () => ({ through: (skill) => ['bash', join(skill, 'scripts/tkt.sh')] }),
  },
  {
    title: 'through scripts/tickets.py, from such a path',
    project: () => gitProject({}, "Übung's  Projekt, 100 %"),
    arrange: () => ({ through: (skill) => ['python3', join(skill, 'scripts/tickets.py')] }),
  },
  {
    title: 'in an ES module project',
    project: () => gitProject({ 'package.json': '{"type":"module"}\n' }),
    arrange: () => ({}),
  },
  {
    title: 'in a CommonJS project',
    project: () => gitProject({ 'package.json': '{"type":"commonjs"}\n' }),
    arrange: () => ({}),
  },
  { title: 'without HOME', arrange: () => ({ env: { HOME: undefined, USERPROFILE: undefined } }) },
  {
    title: 'with nothing but node on the PATH',
    arrange: () => ({ env: { PATH: dirname(process.execPath) } }),
  },
  {
    title: 'without write permission',
    arrange: ({ skill }) => {
      chmodAll('a-w', skill)
      onTestFinished(() => chmodAll('u+w', skill))
      return {}
    },
  },
  {
    title: 'on a read-only file system',
    obstacle: () => obstacleTo(WITH_MOUNTS, 'mount --bind /tmp /tmp'),
    arrange: ({ skill }) => ({
      through: (named) => [...WITH_MOUNTS, 'sh', '-c', READ_ONLY, 'sh', skill, ...nodeOn(named)],
    }),
  },
  {
    title: 'without a network',
    obstacle: () => obstacleTo(WITHOUT_NETWORK),
    arrange: () => ({ through: (skill) => [...WITHOUT_NETWORK, ...nodeOn(skill)] }),
  },
]

/** In a mount table of its own: the folder `$1` becomes read-only, then the rest is run. Exits 99 if it did not. */
const READ_ONLY = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
touch "$1/probe" 2>/dev/null && exit 99
shift; exec "$@"`

describe.each(FORMS)('a copy of %s works', (form) => {
  test.for(SITUATIONS.map((situation) => [situation.title, situation] as const))(
    '%s',
    ([, situation], context) => {
      const { project: start = gitProject, arrange, obstacle } = situation
      const reason = obstacle?.()
      context.skip(reason !== undefined, reason)
      const project = start()
      const skill = skillFolder(form, join(project, '.agents/skills'))
      expectNoPackagesAbove(skill)
      const { skill: named = skill, cwd = project, ...call } = arrange({ project, skill })
      const before = contentOf(skill)

      workStory(runnerOf(named, { cwd, ...call }))

      expect(contentOf(skill)).toEqual(before)
      expect(existsSync(join(project, '.tkt/bundles/B-001/TKT-001.yaml'))).toBe(true)
      if (cwd !== project) expect(existsSync(join(cwd, '.tkt'))).toBe(false)
    },
  )

  test('for all projects of a user, but never makes the home folder or itself a project', () => {
    const home = projectFolder({}, 'home')
    const skill = skillFolder(form, join(home, '.claude/skills'))
    const before = contentOf(skill)
    const project = gitProject()

    workStory(runnerOf(skill, { cwd: project, env: { HOME: home } }))
    for (const cwd of [home, skill]) {
      const { code, json } = runnerOf(skill, { cwd, env: { HOME: home } })('init-roadmap', '--project', 'x')
      expect([code, json.error]).toEqual([2, 'ROOT_REFUSED'])
    }
    const named = runnerOf(skill, { cwd: skill, env: { HOME: home, CLAUDE_PROJECT_DIR: project } })('list')
    expect(named.json).toMatchObject({ bundles: [{ id: 'B-001' }] })

    expect(contentOf(skill)).toEqual(before)
    expect(readdirSync(home)).toEqual(['.claude'])
  })
})

function made(project: string, folder: string): string {
  mkdirSync(join(project, folder), { recursive: true })
  return join(project, folder)
}

function linkedWorktree(project: string): string {
  const worktree = join(dirname(project), 'worktree')
  git(project, 'worktree', 'add', '-q', worktree)
  return worktree
}

function linked(project: string): string {
  const link = join(project, '.claude/skills', SKILL)
  if (existsSync(link)) return link
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(join('../../.agents/skills', SKILL), link)
  return link
}

function chmodAll(mode: string, folder: string): void {
  const { status } = spawnSync('chmod', ['-R', mode, folder])
  expect(status).toBe(0)
}

/** A package in a folder above would be found by node: then the test would prove nothing. */
function expectNoPackagesAbove(folder: string): void {
  for (let above = folder; above !== dirname(above); above = dirname(above))
    expect(existsSync(join(above, 'node_modules'))).toBe(false)
}
