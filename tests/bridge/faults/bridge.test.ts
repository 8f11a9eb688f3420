/** One bundle, two engines: many processes at once, and `kill -9` at any step of either way. */
import { describe, expect, test, vi } from 'vitest'
import { DATABASES } from '../../durable/faults/databases.ts'
import { killAtEveryStep } from '../../faults/killing.ts'
import { preloadFile } from '../../faults/preload.ts'
import { crowd, numbered, race } from '../../faults/race.ts'
import { openProject, startBundle, treeOf, type Fields, type Project } from '../../support/bundles.ts'
import { spawnSync } from 'node:child_process'
import { DIST, environment, tkt, type RunOptions } from '../../support/tkt.ts'

const LIMIT = { timeout: 600_000 }
const WORKERS = 12
const SESSIONS = 6
const WORKER_IDS = numbered('TKT', 1, WORKERS)

const fileOf = (project: Project, ticket: string): Fields => project.yaml(`.tkt/bundles/B-001/${ticket}.yaml`)

/** Claims and closes until nothing is left. */
async function drain(session: string, where: RunOptions): Promise<void> {
  for (;;) {
    const [next] = await race([['next-ticket', session, '--batch-id', 'B-001']], where)
    if (next?.json.claimed !== true) return
    const { ticket_id } = next.json.ticket as { ticket_id: string }
    const close = ['close-ticket', ticket_id, '--session-id', session, '--evidence', `attest:${session}`]
    const [closed] = await race([close], where)
    expect(closed?.json).toMatchObject({ ok: true })
  }
}

describe.each(DATABASES)('%s', (_name, { start, killer }) => {
  async function published(workers: number) {
    const { env } = await start()
    const made = await startBundle(workers)
    const where: RunOptions = { cwd: made.root, ...(env === undefined ? {} : { env }) }
    const project = openProject(made.root)
    Object.assign(project.world.environment, env)
    return { where, project }
  }

  test(`${SESSIONS} sessions drain it, while others publish and collect all the time`, LIMIT, async () => {
    const { where, project } = await published(WORKERS)
    const first = await race(
      crowd(4, () => ['publish-bundle', 'B-001']),
      where,
    )
    expect(first.map(({ json }) => json.message)).toEqual(first.map(() => undefined))
    expect(first.reduce((sum, { json }) => sum + Number(json.published), 0)).toBe(WORKERS)
    const over = new AbortController()
    const meanwhile = (async () => {
      while (!over.signal.aborted) {
        const both = await race(
          [['publish-bundle', 'B-001'], ...crowd(2, () => ['collect-bundle', 'B-001'])],
          where,
        )
        for (const { json } of both) expect(json).toMatchObject({ ok: true })
        for (const { json } of both.slice(1)) expect(json).toMatchObject({ whole: true })
      }
    })()
    await Promise.all(numbered('s', 1, SESSIONS).map((session) => drain(session, where)))
    over.abort()
    await meanwhile
    expect(tkt(['collect-bundle', 'B-001'], where).json).toMatchObject({
      whole: true,
      counts: { done: WORKERS },
    })
    for (const id of WORKER_IDS) {
      const file = fileOf(project, id)
      const agent = String(file.claimed_by)
      expect(file).toMatchObject({
        ...{ status: 'done', claim_no: 1, result: { evidence: `attest:${agent}` } },
        transition_log: [
          { from: 'open', to: 'claimed', agent },
          { from: 'claimed', to: 'done', agent },
        ],
      })
    }
    expect(tkt(['history', '--verify'], where).json).toMatchObject({ verified: true })
    const before = treeOf(project.root, ['.git', 'locks', 'tmp', 'cache', 'leases', 'tickets.db'])
    expect(tkt(['collect-bundle', 'B-001'], where).json).toMatchObject({ changed: 0 })
    expect(tkt(['publish-bundle', 'B-001'], where).json).toMatchObject({ published: 0, updated: 0 })
    expect(treeOf(project.root, ['.git', 'locks', 'tmp', 'cache', 'leases', 'tickets.db'])).toEqual(before)
  })

  test('publish-bundle and collect-bundle, killed before any statement, and run again', LIMIT, async () => {
    const { where, project } = await published(2)
    const kill = (words: readonly string[], judge: () => void): void => {
      for (let at = 1; ; at += 1) {
        const { signal } = spawnSync(process.execPath, [...preloadFile(killer), DIST, ...words], {
          cwd: where.cwd,
          env: environment({ ...where.env, KILL_AT: String(at) }),
        })
        if (signal !== 'SIGKILL') return
        judge()
      }
    }
    kill(['publish-bundle', 'B-001'], () => {
      const { tickets } = tkt(['list-tickets'], where).json as { tickets: { ticket_id: string }[] }
      for (const { ticket_id } of tickets)
        expect(fileOf(project, ticket_id.replace('B-001/', '')).published).toMatchObject({ ticket_id })
    })
    await vi.waitFor(
      () => {
        expect(tkt(['watch', '--once', '--type', 'created'], where).json.told).toBe(2)
      },
      { timeout: 60_000 },
    )
    expect(tkt(['claim-ticket', 'B-001/TKT-001', 's1'], where).code).toBe(0)
    kill(['collect-bundle', 'B-001'], () => undefined)
    expect(tkt(['collect-bundle', 'B-001'], where).json).toMatchObject({
      changed: 0,
      counts: { claimed: 1, open: 1 },
    })
    expect(fileOf(project, 'TKT-001').transition_log).toHaveLength(1)
  })
})

describe('killed at each step on its files, and run again', () => {
  test("publish-bundle: no worker is anybody's on both sides", LIMIT, async () => {
    const project = await startBundle(2)
    await killAtEveryStep(project, ['publish-bundle', 'B-001'], ({ json }) => {
      expect(json).toMatchObject({ ok: true })
      expect(tkt(['list-tickets'], { cwd: project.root }).json).toMatchObject({ shown: 'shown 2 of 2' })
      for (const id of ['TKT-001', 'TKT-002'])
        expect(fileOf(project, id).published).toMatchObject({ ticket_id: `B-001/${id}` })
    })
  })

  test('collect-bundle: everything is there once', LIMIT, async () => {
    const project = await startBundle(2)
    const where = { cwd: project.root }
    expect(tkt(['publish-bundle', 'B-001'], where).code).toBe(0)
    for (const session of ['s1', 's2']) expect(tkt(['next-ticket', session], where).json.claimed).toBe(true)
    expect(tkt(['close-ticket', '--session-id', 's1', '--evidence', 'attest:yes'], where).code).toBe(0)
    await killAtEveryStep(project, ['collect-bundle', 'B-001'], ({ json }) => {
      expect(json).toMatchObject({ ok: true, whole: true, counts: { done: 1, claimed: 1 } })
      expect(fileOf(project, 'TKT-001')).toMatchObject({ status: 'done', transition_log: [{}, {}] })
      expect(fileOf(project, 'TKT-002')).toMatchObject({ status: 'claimed', transition_log: [{}] })
    })
  })

  test("collect-bundle --end: what is nobody's is claimed on one side alone", LIMIT, async () => {
    const project = await startBundle(2)
    const where = { cwd: project.root }
    expect(tkt(['publish-bundle', 'B-001'], where).code).toBe(0)
    await killAtEveryStep(project, ['collect-bundle', 'B-001', '--end'], ({ json }) => {
      expect(json).toMatchObject({ ok: true })
      expect(tkt(['list-tickets'], where).json).toMatchObject({ shown: 'shown 0 of 0' })
      for (const id of ['TKT-001', 'TKT-002']) expect(fileOf(project, id)).not.toHaveProperty('published')
    })
  })
})
