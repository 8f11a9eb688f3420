/** `kill -9` between any two steps of a command: nothing half is seen, nothing is lost, and the same command can be run again. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, openProject, startBundle, startProject, type Project } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import type { Ended } from '../support/tkt.ts'
import { killAtEveryStep } from './killing.ts'

const yamlOf = (project: Project, name: string) => project.yaml(`.tkt/bundles/B-001/${name}.yaml`)
const answerOf = ({ code, json }: Ended) => json.error ?? code
/** In the history at most once too often: the line is written before the change it tells of. */
const expectLines = (project: Project, event: string): void => {
  const lines = project.history().filter((line) => line.startsWith(`${event} `))
  expect([1, 2]).toContain(lines.length)
}

describe('a command killed at each of its steps, and run again', () => {
  test('init-roadmap', async () => {
    const project = openProject(projectFolder())
    const steps = await killAtEveryStep(project, ['init-roadmap', 'demo'], (again) => {
      expect([0, 'ROADMAP_EXISTS']).toContain(answerOf(again))
      expect(project.yaml('.tkt/roadmap.yaml')).toMatchObject({ project: 'demo', stage: 'planning' })
      expectLines(project, 'INIT')
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('claim', async () => {
    const project = await startBundle(1)
    const steps = await killAtEveryStep(project, ['claim', 'B-001', 'TKT-001', 'alice'], (again) => {
      expect([0, 'CLAIM_CONFLICT']).toContain(answerOf(again))
      if (again.code !== 0) expect(again.json.details).toMatchObject({ claimed_by: 'alice' })
      expect(yamlOf(project, 'TKT-001')).toMatchObject({
        status: 'claimed',
        claimed_by: 'alice',
        transition_log: [{ agent: 'alice' }],
      })
      expectLines(project, 'TICKET_CLAIMED')
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('next --claim: asked again by the same agent, it names what the agent holds, or takes it', async () => {
    const project = await startBundle(1)
    const steps = await killAtEveryStep(project, ['next', '--agent', 'alice', '--claim'], (again) => {
      expect(again.code).toBe(0)
      expect([again.json.ticket, (again.json.yours as string[] | undefined)?.[0]]).toContain(
        again.json.claimed === true ? 'TKT-001' : 'B-001/TKT-001',
      )
      expect(yamlOf(project, 'TKT-001')).toMatchObject({
        claimed_by: 'alice',
        transition_log: [{ agent: 'alice' }],
      })
      expectLines(project, 'TICKET_CLAIMED')
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('claim --take-over and release: the number of the claim grows by one, whoever asked how often', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' }) // months ago, by its clock
    const take = ['claim', 'B-001', 'TKT-001', 'bob', '--take-over']
    await killAtEveryStep(project, take, (again) => {
      expect([0, 'CLAIM_CONFLICT']).toContain(answerOf(again))
      expect(yamlOf(project, 'TKT-001')).toMatchObject({ claimed_by: 'bob', claim_no: 2 })
    })
    const release = ['release', 'B-001', 'TKT-001', 'bob', '--claim-no', '2']
    await killAtEveryStep(project, release, (again) => {
      expect([0, 'TRANSITION_REFUSED']).toContain(answerOf(again))
      expect(yamlOf(project, 'TKT-001')).toMatchObject({ status: 'open', claimed_by: null, claim_no: 2 })
      expectLines(project, 'TICKET_RELEASED')
    })
  })

  test('claim of TKT-000: whoever holds it afterwards is the main agent', async () => {
    const project = await startBundle(1)
    const first = ['claim', 'B-001', 'TKT-000', 'maria']
    const second = ['claim', 'B-001', 'TKT-000', 'mario']
    const winners = new Set<unknown>()
    const judge = (again: Ended): void => {
      const { claimed_by } = yamlOf(project, 'TKT-000')
      expect(claimed_by).toBe(again.code === 0 ? 'mario' : 'maria')
      expect(yamlOf(project, 'bundle').main_agent).toBe(claimed_by)
      winners.add(claimed_by)
    }
    await killAtEveryStep(project, first, judge, second)
    expect(winners).toEqual(new Set(['maria', 'mario']))
  })

  test('update', async () => {
    const project = await startBundle(1)
    const steps = await killAtEveryStep(
      project,
      ['update', 'B-001', 'TKT-001', 'done', '--evidence', 'it works'],
      (again) => {
        expect([0, 'TRANSITION_REFUSED']).toContain(answerOf(again))
        expect(yamlOf(project, 'TKT-001')).toMatchObject({ status: 'done', result: { evidence: 'it works' } })
        expect(yamlOf(project, 'bundle').status).toBe('in_progress')
        expectLines(project, 'TICKET_UPDATED')
      },
    )
    expect(steps).toBeGreaterThan(10)
  })

  test('add: whoever adds again has two at most', async () => {
    const project = await startBundle(1)
    await killAtEveryStep(project, ['add', 'B-001', 'New'], (again) => {
      expect(again.code).toBe(0)
      const tickets = readdirSync(join(project.root, '.tkt/bundles/B-001')).filter((name) =>
        name.startsWith('TKT'),
      )
      expect([4, 5]).toContain(tickets.length)
      expect(tickets).toContain(`${String(again.json.ticket_id)}.yaml`)
    })
  })

  test('create-bundle from a plan: a bundle is there with all its tickets, or not at all', async () => {
    const project = await startProject({ 'plan.md': '# Plan\n\n- [ ] First\n- [ ] Second\n' })
    await killAtEveryStep(project, ['create-bundle', '--source-plan', 'plan.md'], (again) => {
      expect(again.code).toBe(0)
      for (const id of readdirSync(join(project.root, '.tkt/bundles')))
        expect(readdirSync(join(project.root, '.tkt/bundles', id))).toHaveLength(5)
    })
  })

  test('express create, claim and close', async () => {
    const project = await startProject()
    await killAtEveryStep(
      project,
      ['express', 'create', '--title', 'Small', '--acceptance', 'done'],
      (again) => expect(again.code).toBe(0),
    )
    const expectDone = (again: Ended, status: string): void => {
      expect([0, 'EXPRESS_NOT_OPEN']).toContain(answerOf(again))
      expect(project.yaml('.tkt/express/EXP-001.yaml').status).toBe(status)
    }
    await killAtEveryStep(project, ['express', 'claim', 'EXP-001', '--agent', 'alice'], (again) =>
      expectDone(again, 'claimed'),
    )
    await killAtEveryStep(project, ['express', 'close', 'EXP-001', '--evidence', 'seen'], (again) =>
      expectDone(again, 'done'),
    )
  })

  test('express close with an upgrade: one bundle comes of it', async () => {
    const project = await startProject()
    await project.ok('express', { title: 'Small', acceptance: 'done' })
    await killAtEveryStep(
      project,
      ['express', 'close', 'EXP-001', '--evidence', 'it grew', '--files-changed', '9'],
      (again) => {
        expect([0, 'EXPRESS_NOT_OPEN']).toContain(answerOf(again))
        expect(readdirSync(join(project.root, '.tkt/bundles'))).toEqual(['B-001'])
        expect(yamlOf(project, 'bundle')).toMatchObject({ upgraded_from: 'EXP-001', title: 'Small' })
        expect(project.yaml('.tkt/express/EXP-001.yaml')).toMatchObject({
          status: 'done',
          upgraded_to_bundle: 'B-001',
        })
      },
    )
  })

  test('doctor --repair: what it mends is broken or whole, with its copy, and mended by the next', async () => {
    const project = await startBundle(1)
    const ticket = '.tkt/bundles/B-001/TKT-001.yaml'
    const broken = project.text(ticket).replace(/^description: .*$/m, 'description: |\n  One.\nTwo: three')
    const keepBroken = (): void => {
      if (project.text(ticket) === broken) return
      expect(yamlOf(project, 'TKT-001').description).toBe('One.\nTwo: three\n')
    }
    project.write({ [ticket]: broken })
    await killAtEveryStep(project, ['doctor', '--repair'], (again) => {
      keepBroken()
      expect([again.code, again.json.healthy]).toEqual([0, true])
      const copies = readdirSync(join(project.root, '.tkt/backup')).filter((name) => name !== '.gitignore')
      expect(copies.length).toBeGreaterThan(0)
    })
  })

  test('roadmap-transition', async () => {
    const project = await startBundle(1)
    await killAtEveryStep(project, ['roadmap-transition', 'active', '--reason', 'go'], (again) => {
      expect(again.code).toBe(0)
      expect(project.yaml('.tkt/roadmap.yaml')).toMatchObject({
        stage: 'active',
        stage_history: [{ reason: 'go' }, {}],
      })
    })
  })

  test('close, which drops what an earlier close carried over', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.write({ '.tkt/bundles/B-001/carryover.yaml': 'bundle: B-001\ncarryover: []\n' })
    const steps = await killAtEveryStep(project, ['close', 'B-001'], (again) => {
      expect([again.code, again.json.closed, again.json.done]).toEqual([0, true, 3])
      expect(yamlOf(project, 'bundle').status).toBe('closed')
      expect(yamlOf(project, 'TKT-000').status).toBe('done')
      expect(yamlOf(project, 'review')).toMatchObject({ tickets_completed: 3 })
      expect(project.has('.tkt/bundles/B-001/carryover.yaml')).toBe(false)
      expectLines(project, 'BUNDLE_CLOSED')
    })
    expect(steps).toBeGreaterThan(15)
  })

  test('reopen of a ticket and of a bundle', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    const expectOpen = (again: Ended): void => {
      expect([0, 'TRANSITION_REFUSED']).toContain(answerOf(again))
      expect(yamlOf(project, 'bundle')).toMatchObject({ status: 'in_progress', closed_at: null })
      expect(yamlOf(project, 'TKT-000').status).toBe('open')
    }
    await killAtEveryStep(project, ['reopen', 'B-001', '--reason', 'broken'], expectOpen)
    await killAtEveryStep(project, ['reopen', 'B-001', 'TKT-001', '--reason', 'broken'], () =>
      expect(yamlOf(project, 'TKT-001').status).toBe('open'),
    )
  })
})
