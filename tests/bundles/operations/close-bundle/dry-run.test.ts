import { join } from 'node:path'
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

  test("names the project's own structural script among the commands, and runs the built-in check without one", async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.write({ '.tkt/bundles/B-001/TKT-001.yaml': 'id: TKT-001\nstatus: done\nskills: 5\n' })
    expect(await close(project, { dry_run: true })).toMatchObject({
      gates: [{ gate: 'structural' }],
      commands: [],
    })
    project.write({ 'spec/validate_repo_structural.sh': 'touch ran\n' })
    const { gates, commands } = await project.ok('close-bundle', { ...B, dry_run: true })
    expect([gates, commands]).toEqual([
      [],
      [`/bin/sh ${join(project.root, 'spec/validate_repo_structural.sh')}`],
    ])
    expect(project.has('ran')).toBe(false)
  })

  test('warns of keys in the config that nobody reads', async () => {
    const project = await startBundle(1, { 'config/tkt.yaml': 'close_gate: {comand: npm test}\n' })
    const warnings = ['config/tkt.yaml: keys without a meaning: close_gate.comand']
    expect(await close(project, { dry_run: true })).toMatchObject({ warnings })
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
