/** A long answer: whole for a slow reader, no failure for one who goes away, and told when it cannot be written. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startBundle, type Project } from '../support/bundles.ts'
import { DIST, environment } from '../support/tkt.ts'

describe('an answer', () => {
  const LINES = 30_000
  async function startLong(): Promise<Project> {
    const project = await startBundle(0)
    const line = `[2026-03-01T12:00:00Z] TICKET_ADDED bundle=B-001 ticket=TKT-001 title="${'x'.repeat(60)}"\n`
    project.write({ '.tkt/history.log': line.repeat(LINES) })
    return project
  }
  const HISTORY = [DIST, 'history', '--limit', '100000']

  test('of 3 MB comes whole through a pipe, also to a reader that is slow', async () => {
    const project = await startLong()
    const child = spawn(process.execPath, HISTORY, { cwd: project.root, env: environment() })
    await once(child.stdout, 'readable') // and nothing is read until the pipe is full and more is waiting
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout) {
      chunks.push(chunk as Buffer)
      await new Promise(setImmediate)
    }
    const text = Buffer.concat(chunks).toString()
    expect(text.length).toBeGreaterThan(3_000_000)
    expect((JSON.parse(text) as { readonly events: unknown[] }).events).toHaveLength(LINES)
  })

  const title = 'whose reader goes away is no failure; one that cannot be written is, and says so on one line'
  test.runIf(existsSync('/dev/full'))(title, async () => {
    const project = await startLong()
    const run = (tail: string) =>
      spawnSync('bash', ['-o', 'pipefail', '-c', `"$0" "$@" ${tail}`, process.execPath, ...HISTORY], {
        cwd: project.root,
        env: environment(),
        encoding: 'utf8',
      })
    expect(run('| head -c 1')).toMatchObject({ status: 0, stdout: '{', stderr: '' })
    expect(run('| true')).toMatchObject({ status: 0, stderr: '' })
    expect(run('2> /dev/full | wc -c')).toMatchObject({ status: 0, stderr: '' })
    expect(run('> /dev/full')).toMatchObject({
      status: 6,
      stderr: expect.stringMatching(/^the answer could not be written: ENOSPC.*\n$/) as string,
    })
  })
})
