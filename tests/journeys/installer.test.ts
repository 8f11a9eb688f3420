import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { obstacleTo, WITHOUT_NETWORK } from '../support/isolation.ts'
import { projectFolder } from '../support/project.ts'
import { contentOf, FORMS, runnerOf, SKILL, skillFolder } from '../support/skill-folder.ts'
import { workStory } from '../support/story.ts'

/** Where the installer of the `skills` package puts what, for the options a person gives it. */
const WAYS = [
  {
    way: 'for two agents, linked',
    options: ['-a', 'claude-code', 'codex', '-y'],
    places: { '.agents/skills': 'copy', '.claude/skills': 'link' },
  },
  {
    way: 'for two agents, copied',
    options: ['-a', 'claude-code', 'codex', '-y', '--copy'],
    places: { '.agents/skills': 'copy', '.claude/skills': 'copy' },
  },
  { way: 'for one agent', options: ['-a', 'claude-code', '-y'], places: { '.claude/skills': 'copy' } },
] as const

const CASES = WAYS.flatMap(({ way, options, places }) =>
  Object.entries(places).map(([place, kind]) => ({ way, options, place, kind })),
)

describe.each(['the repository', 'the package'] as const)('skills add takes %s', (form) => {
  test.each(CASES)('$way: $place works, and adding again keeps the work', ({ options, place, kind }) => {
    const source = skillFolder(form, join(projectFolder(), 'a source'))
    const project = projectFolder()
    const skill = join(project, place, SKILL)

    add(source, project, options)
    expect(lstatSync(skill).isSymbolicLink()).toBe(kind === 'link')
    expect(contentOf(skill)).toEqual(contentOf(source))
    workStory(runnerOf(skill, { cwd: project }))

    const work = contentOf(join(project, '.tkt'))
    add(source, project, options)
    expect(contentOf(join(project, '.tkt'))).toEqual(work)
    expect(runnerOf(skill, { cwd: project })('list').json).toMatchObject({ bundles: [{ id: 'B-001' }] })
  })

  test('without a network', (context) => {
    const reason = obstacleTo(WITHOUT_NETWORK)
    context.skip(reason !== undefined, reason)
    const project = projectFolder()
    add(skillFolder(form, projectFolder()), project, WAYS[0].options, WITHOUT_NETWORK)
    expect(existsSync(join(project, '.claude/skills', SKILL, 'SKILL.md'))).toBe(true)
  })
})

test.each(FORMS)('skills-ref finds nothing wrong with %s', (form) => {
  const folder = skillFolder(form, projectFolder())
  const { status, stdout, stderr } = run(
    [process.execPath, bin('skills-ref'), 'validate', folder],
    dirname(folder),
  )
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: `Valid skill: ${folder}\n` })
})

/** Installs as a person without an account, whose choice is not to be watched. */
function add(
  source: string,
  project: string,
  options: readonly string[],
  before: readonly string[] = [],
): void {
  const command = [...before, process.execPath, bin('skills'), 'add', source, ...options]
  const { status, stdout, stderr } = run(command, project)
  expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 })
}

function run([program = '', ...words]: readonly string[], cwd: string) {
  const env = { ...process.env, HOME: projectFolder(), DO_NOT_TRACK: '1', DISABLE_TELEMETRY: '1' }
  return spawnSync(program, words, { cwd, env, encoding: 'utf8' })
}

const bin = (name: string): string => join(import.meta.dirname, '../../node_modules/.bin', name)
