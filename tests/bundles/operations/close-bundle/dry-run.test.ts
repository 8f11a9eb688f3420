import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  finishAll,
  startBundle,
  type Fields,
  type Project,
} from '../../../support/bundles.ts'

const B = { bundle: 'B-001' }
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })

describe('close --dry-run', () => {
  test('tells gates, commands and steps, and does nothing', async () => {
    const project = await startBundle(1, { 'config/tkt.yaml': 'close_gate: {command: touch gate-ran}\n' })
    await project.ok('add', { ...B, title: 'b', run: ['touch criterion-ran'] })
    await expectNoChange(project, async () => {
      expect(await close(project, { dry_run: true })).toMatchObject({
        ok: true,
        dry_run: true,
        closed: false,
        gates: [
          { gate: 'work-finished', error: 'WORK_UNFINISHED', message: 'TKT-001 is open, TKT-002 is open' },
          { gate: 'audit-finished', error: 'AUDIT_UNFINISHED' },
        ],
        commands: ['touch gate-ran', 'touch criterion-ran'],
        steps: [{ step: 'set-status' }, { step: 'store-memory' }],
        next_steps_hint: ['mend what the gates name'],
      })
    })
  })

  test('of a bundle that is ready says so', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await expectNoChange(project, async () => {
      expect(await close(project, { dry_run: true, no_memory: true })).toMatchObject({
        gates: [],
        steps: [{ step: 'set-status' }],
        done: 2,
      })
    })
  })

  test('of a closed bundle says that there is nothing left to do', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', B)
    await expectNoChange(project, async () => {
      expect(await close(project, { dry_run: true })).toMatchObject({
        dry_run: true,
        closed: true,
        already_closed: true,
        gates: [],
        steps: [],
      })
    })
  })
})
