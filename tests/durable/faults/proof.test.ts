/** Closes that run commands: at once, and killed while they run. */
import { execFileSync, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowd, race } from '../../faults/race.ts'
import { DIST, endOf, environment, tkt } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const LIMIT = { timeout: 240_000 }
const CLOSE = ['close-ticket', 'TKT-1', '--session-id', 's1', '--evidence']

async function startHeld(start: () => Promise<DatabaseProject>): Promise<DatabaseProject> {
  const project = await start()
  expect(tkt(['intake-ticket', 'TKT-1', 'T', 'S'], project).code).toBe(0)
  expect(tkt(['claim-ticket', 'TKT-1', 's1'], project).code).toBe(0)
  return project
}

const closes = ({ ask }: DatabaseProject) => ask("SELECT seq FROM events WHERE type = 'ticket.closed'")

describe.each(DATABASES)('%s', (_name, { start }) => {
  test('a session that closes its ticket eight times at once closes it once', LIMIT, async () => {
    const project = await startHeld(start)
    const ended = await race(
      crowd(8, (number) => [...CLOSE, `cmd:echo ${number} >> ran`]),
      project,
    )
    expect(ended.filter(({ code }) => code === 0)).toHaveLength(1)
    for (const { json } of ended.filter(({ code }) => code !== 0))
      expect(json).toMatchObject({ error: 'TICKET_NOT_OWNED_BY_SESSION', details: { status: 'CLOSED' } })
    expect(await closes(project)).toHaveLength(1)
  })

  test(
    'a close that is killed while its command runs has closed nothing; run again, it closes',
    LIMIT,
    async () => {
      const project = await startHeld(start)
      const [began, go] = [join(project.cwd, 'began'), join(project.cwd, 'go')]
      execFileSync('mkfifo', [began, go])
      const closing = spawn(process.execPath, [DIST, ...CLOSE, 'cmd:echo . > began; cat go; touch ended'], {
        cwd: project.cwd,
        env: environment(project.env),
        stdio: 'pipe',
      })
      const ended = endOf(closing)
      await readFile(began) // to its end: a reader that leaves early would end the command
      closing.kill('SIGKILL')
      await ended
      const writer = await open(go, 'w') // the command is let go, which nobody waits for any more
      await writer.close()
      expect(await closes(project)).toEqual([])
      const { ticket } = tkt(['show-ticket', 'TKT-1'], project).json
      expect(ticket).toMatchObject({ status: 'CLAIMED', assignee: 's1' })
      expect(ticket).not.toHaveProperty('proof')
      expect(tkt([...CLOSE, 'cmd:true'], project).json).toMatchObject({
        ticket: { status: 'CLOSED', proof: { evidence: { verified: 1 } } },
      })
      expect(await closes(project)).toHaveLength(1)
    },
  )
})
