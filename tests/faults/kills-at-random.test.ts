/** `kill -9` at moments nobody chose, and what is left in the scratch folder. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startBundle, type Project } from '../support/bundles.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'
import { expectSound } from './killing.ts'

const ROUNDS = 25
const AT_ONCE = 6

test(
  'commands that run at once and are killed at random moments leave a sound store and no lock',
  { timeout: 120_000 },
  async () => {
    const files = { 'config/tkt.yaml': 'ticket:\n  lock_timeout: 0\n', 'plan.md': '# Plan\n\n- [ ] A\n' }
    const project = await startBundle(1, files)
    const said: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const runs = Array.from({ length: AT_ONCE }, (_, number) =>
        runAndKill(project, COMMANDS[(round + number) % COMMANDS.length] ?? []),
      )
      said.push(...(await Promise.all(runs)).flat())
      await expectSound(project)
      const after = tkt(['add', 'B-001', `After ${round}`], { cwd: project.root })
      expect(after.json.message).toBeUndefined()
      said.push(String(after.json.ticket_id))
    }
    const kept = new Set(
      [...namesIn(project, 'bundles/B-001'), ...namesIn(project, 'express')].map((name) =>
        name.replace('.yaml', ''),
      ),
    )
    expect(said.filter((id, index) => !kept.has(id) || said.indexOf(id) !== index)).toEqual([])
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').ticket_count).toBe(
      [...kept].filter((id) => id.startsWith('TKT-')).length,
    )
  },
)

const COMMANDS = [
  ['add', 'B-001', 'Cut'],
  ['create-bundle', '--source-plan', 'plan.md'],
  ['express', 'create', '--title', 'Small', '--acceptance', 'done'],
  ['roadmap-transition', 'active', '--reason', 'go', '--force'],
  ['roadmap-transition', 'planning', '--reason', 'back', '--force'],
]

/** The ticket that the command said it made, if it came so far. */
async function runAndKill(project: Project, words: readonly string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [DIST, ...words], { cwd: project.root, env: environment() })
  const closed = once(child, 'close')
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  await delay(20 + Math.random() * 60 * AT_ONCE)
  child.kill('SIGKILL')
  await closed
  return /"ticket_id":"([^"]+)"/.exec(stdout)?.slice(1) ?? []
}

test('what the killed left in the scratch folder goes with the next change after an hour; what is younger stays', async () => {
  const project = await startBundle(1)
  project.write({ '.tkt/tmp/1-old': 'x', '.tkt/tmp/2-old/bundle.yaml': 'x', '.tkt/tmp/3-young': 'x' })
  const longAgo = Date.now() / 1000 - 2 * 60 * 60
  for (const name of ['1-old', '2-old']) utimesSync(join(project.root, '.tkt/tmp', name), longAgo, longAgo)
  tkt(['claim', 'B-001', 'TKT-001', 'alice'], { cwd: project.root })
  expect(namesIn(project, 'tmp')).toEqual(['3-young'])
})

const namesIn = (project: Project, folder: string): readonly string[] =>
  project.has(`.tkt/${folder}`) ? readdirSync(join(project.root, '.tkt', folder)) : []
