import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from './support/project.ts'

const ENTRY = join(import.meta.dirname, '../scripts/tkt.ts')

/** Runs a script in bash, where `tkt` is the command line as it stands in the sources. */
function bash(script: string, cwd: string) {
  const { PATH, HOME } = process.env
  const tkt = `tkt() { "${process.execPath}" --no-warnings "${ENTRY}" "$@"; }`
  const { stdout, stderr } = spawnSync('bash', ['-c', `${tkt}\n${script}`], {
    encoding: 'utf8',
    cwd,
    env: { PATH, HOME },
  })
  return { stdout, stderr }
}

describe('the process', () => {
  test('takes a reader that goes away early for no failure', () => {
    expect(bash('tkt help | true; echo "${PIPESTATUS[0]}"', projectFolder())).toEqual({
      stdout: '0\n',
      stderr: '',
    })
  })

  test('finds its project from a folder that was deleted under it, as a merged worktree is', () => {
    const cwd = projectFolder({ '.tkt/roadmap.yaml': 'project: demo\n' })
    const { stdout, stderr } = bash('mkdir gone; cd gone; rmdir ../gone; tkt roadmap-status', cwd)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, project: 'demo' })
  })

  test('reads standard input to its end, in pieces too', () => {
    const cwd = projectFolder({ '.tkt/roadmap.yaml': 'project: demo\n' })
    const script = '(printf "it is "; printf "över\\n\\n") | tkt roadmap-transition archived --reason -'
    expect(JSON.parse(bash(script, cwd).stdout)).toMatchObject({ ok: true, reason: 'it is över' })
  })
})
