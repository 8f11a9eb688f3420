/** A command that is stopped in the middle of a change: others are told who holds the lock, and it ends well when it goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'
import { preload } from './preload.ts'

test('while a command stands still inside its lock, others are told which process to look at', async () => {
  const project = await startBundle(2, { 'config/tkt.yaml': 'ticket: { lock_timeout: 0 }\n' })
  await project.ok('create-bundle', { goal: 'another' })
  const words = [...preload('kill-at'), DIST, 'claim', 'B-001', 'TKT-001', 'alice']
  const env = environment({ KILL_AT: 'renameSync', KILL_BY: 'SIGSTOP' })
  const child = spawn(process.execPath, words, { cwd: project.root, env })
  await once(child.stderr, 'data')
  try {
    const { code, json } = tkt(['claim', 'B-001', 'TKT-002', 'bob'], { cwd: project.root })
    expect([code, json]).toMatchObject([
      6,
      { error: 'LOCK_TIMEOUT', details: { lock: 'B-001', holder: { pid: child.pid } } },
    ])
    expect(json.message).toContain(`process ${String(child.pid)}`)
    expect(tkt(['status', 'B-001'], { cwd: project.root }).code).toBe(0)
    expect(tkt(['claim', 'B-002', 'TKT-000', 'bob'], { cwd: project.root }).code).toBe(0)
  } finally {
    child.kill('SIGCONT')
  }
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml').claimed_by).toBe('alice')
  expect(tkt(['claim', 'B-001', 'TKT-002', 'bob'], { cwd: project.root }).code).toBe(0)
})
