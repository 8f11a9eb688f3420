import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { NODE_VERSIONS, nodeOf, type NodeVersion } from '../support/node-versions.ts'
import { gitProject, projectFolder } from '../support/project.ts'
import { runnerOf, type Call } from '../support/skill-folder.ts'
import { closeStory, workStory, worktreeStory } from '../support/story.ts'

const skill = join(import.meta.dirname, '../..')
const executables = new Map<NodeVersion, string>()

beforeAll(async () => {
  await Promise.all(NODE_VERSIONS.map(async (version) => executables.set(version, await nodeOf(version))))
})

/** The chunks take what they share from the entry, which runs the command line: it is asked for the version. */
const LOAD_ALL = `const [entry, ...chunks] = process.argv.splice(1, Infinity)
process.argv.push(entry, '--version')
for (const file of [entry, ...chunks]) require(file)`
const VERSION_LINE = `{"ok":true,"version":"${packageFile.version}"}\n`

test('the oldest version tried is the oldest that package.json allows', () => {
  expect(packageFile.engines.node).toBe(`>=${NODE_VERSIONS[0].replace(/\.0$/, '')}`)
})

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  const node = (): string => executables.get(version) ?? ''
  const through: Call['through'] = (folder) => [node(), join(folder, 'dist/tkt.cjs')]

  test('it is that version', () => {
    const { stdout } = spawnSync(node(), ['--version'], { encoding: 'utf8' })
    expect(`${stdout.trim()}.`).toContain(`v${version}.`)
  })

  test('a bundle is worked through and closed, without a word on standard error', () => {
    const run = runnerOf(skill, { cwd: projectFolder(), through })
    workStory(run)
    closeStory(run)
  })

  test('a bundle with a worktree and an acceptance command is merged', () => {
    worktreeStory(gitProject(), (cwd) => runnerOf(skill, { cwd, through }))
  })

  test('durable tickets are taken in, claimed and closed in a file, without a word on standard error', () => {
    const run = runnerOf(skill, { cwd: projectFolder(), through })
    for (const words of [
      ['intake-ticket', 'TKT-1', 'T', 'S'],
      ['next-ticket', 's1'],
      ['close-ticket', '--session-id', 's1'],
    ]) {
      const { code, stderr, json } = run(...words)
      expect([code, stderr, json.ticket]).toMatchObject([0, '', { ticket_id: 'TKT-1' }])
    }
  })

  test('every file of dist/ can be loaded, those for people too', () => {
    const chunks = readdirSync(join(skill, 'dist/tkt')).map((name) => join(skill, 'dist/tkt', name))
    const { status, stdout, stderr } = spawnSync(
      node(),
      ['-e', LOAD_ALL, join(skill, 'dist/tkt.cjs'), ...chunks],
      {
        encoding: 'utf8',
      },
    )
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: VERSION_LINE, stderr: '' })
  })

  test.each([
    ['bash', 'scripts/tkt.sh'],
    ['python3', 'scripts/tickets.py'],
  ])('%s %s takes it from the PATH', (shell, script) => {
    const PATH = `${dirname(node())}:${process.env.PATH ?? ''}`
    const call: Call = { cwd: projectFolder(), env: { PATH }, through: () => [shell, join(skill, script)] }
    expect(runnerOf(skill, call)('--version').stdout).toBe(VERSION_LINE)
  })
})
