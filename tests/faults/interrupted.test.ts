/** A close that is ended from outside while its commands run. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finishAll, startBundle, type Project } from '../support/bundles.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'
import { currentOwner, ownerState } from '../../src/system/owner.ts'

/** Runs a close until its command says that it runs, and ends the close by this signal. Returns the command's number. */
async function interrupt(project: Project, signal: NodeJS.Signals): Promise<number> {
  const child = spawn(process.execPath, [DIST, 'close', 'B-001'], { cwd: project.root, env: environment() })
  const closed = once(child, 'close')
  spawnSync('cat', ['fifo'], { cwd: project.root, timeout: 30_000 })
  child.kill(signal)
  expect(await closed).toEqual([null, signal])
  return Number(readFileSync(join(project.root, 'pid'), 'utf8'))
}

async function startWaiting(): Promise<Project> {
  const project = await startBundle(0, { 'config/tkt.yaml': 'ticket: { lock_timeout: 0 }\n' })
  const run = 'if test -p fifo; then echo $$ > pid; echo started > fifo; exec sleep 1000; fi'
  await project.ok('add', { bundle: 'B-001', title: 'Part 1', run })
  await finishAll(project)
  spawnSync('mkfifo', [join(project.root, 'fifo')])
  return project
}

const stateOf = (pid: number): string => ownerState({ ...currentOwner(), pid, started: '' }, currentOwner())

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'by %s: its command ends with it, the bundle is open, the next close works',
  async (signal) => {
    const project = await startWaiting()
    const pid = await interrupt(project, signal)
    while (stateOf(pid) === 'running') await new Promise(setImmediate) // it has the signal; the test's time is the limit
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    spawnSync('rm', ['fifo'], { cwd: project.root })
    expect(tkt(['close', 'B-001'], { cwd: project.root }).json).toMatchObject({
      closed: true,
      carryover_count: 0,
    })
  },
)

test('by SIGKILL: nobody can end its command, but the bundle is open and the next close works at once', async () => {
  const project = await startWaiting()
  const pid = await interrupt(project, 'SIGKILL')
  try {
    expect(tkt(['status', 'B-001'], { cwd: project.root }).json).toMatchObject({ status: 'in_progress' })
    spawnSync('rm', ['fifo'], { cwd: project.root })
    expect(tkt(['close', 'B-001'], { cwd: project.root }).json).toMatchObject({
      closed: true,
      carryover_count: 0,
    })
  } finally {
    if (stateOf(pid) === 'running') process.kill(pid, 'SIGKILL')
  }
})
