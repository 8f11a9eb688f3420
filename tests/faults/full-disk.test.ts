/** A disk that is full: whatever write meets it, the store stays as it was, and the same command works when there is room. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, openProject, startBundle, treeOf, type Project } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'
import { emptyDisk, fillDisk, fillNames, smallDisk } from './mounts.ts'

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['init-roadmap', 'again', '--force'],
  ['create-bundle', '--goal', 'g'],
  ['create-bundle', '--source-plan', 'plan.md'],
  ['add', 'B-001', 'Part 2', '--description', 'x'.repeat(9_000)],
  ['claim', 'B-001', 'TKT-000', 'maria'],
  ['update', 'B-001', 'TKT-002', 'done', '--evidence', 'x'.repeat(9_000)],
  ['edit', 'B-001', 'TKT-001', '--description', 'x'.repeat(9_000)],
  ['batch-update', '--bundle', 'B-001', '--status', 'done', '--evidence', 'x'.repeat(9_000), 'TKT-001'],
  ['roadmap-goal', 'add', '--title', 't'],
  ['archive', 'B-001', '--reason', 'r'],
  ['express', 'create', '--title', 't', '--acceptance', 'a'],
  ['express', 'claim', 'EXP-001', '--agent', 'alice'],
  ['express', 'close', 'EXP-001', '--evidence', 'e'],
  ['express', 'close', 'EXP-002', '--evidence', 'e', '--files-changed', '9'],
  ['roadmap-transition', 'active', '--reason', 'r'],
  ['close', 'B-002'],
  ['generate-review', 'B-003'],
  ['reopen', 'B-003', '--reason', 'r'],
]

/** Every kind of thing that the commands above need, on a disk of its own. */
async function startOnDisk(disk: string): Promise<Project> {
  const project = openProject(join(disk, 'project'))
  project.write({ 'plan.md': '# Plan\n\n- [ ] One\n- [ ] Two\n' })
  await project.ok('init-roadmap', { project: 'demo' })
  for (const bundle of ['B-001', 'B-002', 'B-003']) {
    await project.ok('create-bundle', { goal: bundle })
    await project.ok('add', { bundle, title: 'Part 1' })
    await project.ok('add', { bundle, title: 'Part 2' })
    if (bundle !== 'B-001') await finishAll(project, bundle)
  }
  await project.ok('close-bundle', { bundle: 'B-003' })
  project.write({ '.tkt/bundles/B-002/carryover.yaml': 'bundle: B-002\ncarryover: []\n' })
  for (const title of ['one', 'two']) await project.ok('express', { title, acceptance: 'a' })
  return project
}

describe.each(COMMANDS)('%s %s', (...words) => {
  test('changes nothing however little room there is, and works as soon as there is enough', async (context) => {
    const disk = `${projectFolder()}/disk`
    smallDisk(context, disk)
    const project = await startOnDisk(disk)
    const before = treeOf(project.root)
    let refusals = 0
    for (let free = 0; ; free += 1) {
      fillDisk(disk, free)
      const { code, stderr, json } = tkt(words, { cwd: project.root })
      if (code === 0) break
      expect([free, code, json.error, stderr]).toEqual([free, 6, 'STORE_UNAVAILABLE', ''])
      expect(json.message).toMatch(/no space left on the disk \(ENOSPC\)$/)
      expect(treeOf(project.root)).toEqual(before)
      expect(readdirSync(join(project.root, '.tkt/tmp'))).toEqual([])
      refusals += 1
    }
    expect(refusals).toBeGreaterThan(1)
    expect(treeOf(project.root)).not.toEqual(before)
  })
})

test('a disk that takes no more files: nothing but the history may be a line ahead', async (context) => {
  const disk = `${projectFolder()}/disk`
  smallDisk(context, disk, 'size=4m,nr_inodes=400')
  const project = await startOnDisk(disk)
  const withoutHistory = (): unknown => ({ ...treeOf(project.root), '.tkt/history.log': '' })
  for (const words of COMMANDS) {
    const before = withoutHistory()
    for (let free = 0; ; free += 1) {
      fillNames(disk, free)
      const { code, json } = tkt(words, { cwd: project.root })
      if (code === 0) break
      expect([words, free, code, json.error]).toEqual([words, free, 6, 'STORE_UNAVAILABLE'])
      expect(withoutHistory()).toEqual(before)
      expect(readdirSync(join(project.root, '.tkt/tmp'))).toEqual([])
    }
    emptyDisk(disk)
  }
})

test('the first command of a project on a full disk leaves nothing that looks like a store with something in it', async (context) => {
  const disk = `${projectFolder()}/disk`
  smallDisk(context, disk)
  const { root } = await startBundle(0)
  for (let free = 0; ; free += 1) {
    fillDisk(disk, free)
    const { code, json } = tkt(['init-roadmap', 'demo', '--root', disk], { cwd: root })
    if (code === 0) break
    expect([free, code, json.error]).toEqual([free, 6, 'STORE_UNAVAILABLE'])
    expect(Object.keys(treeOf(disk)).filter((path) => /\.(yaml|log)$/.test(path))).toEqual([])
  }
  emptyDisk(disk)
  expect(tkt(['create-bundle', '--goal', 'g', '--root', disk], { cwd: root }).json.error).toBeUndefined()
})
