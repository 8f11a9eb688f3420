import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBundle, type Project } from '../../support/bundles.ts'

test('an id that was given stays given when git takes its file away, as on going to another branch', async () => {
  const project = await startBundle(2)
  await project.ok('create-bundle', { goal: 'Second' })
  await project.ok('express', { title: 'Small', acceptance: 'done' })
  for (const path of ['bundles/B-001/TKT-002.yaml', 'bundles/B-002', 'express/EXP-001.yaml'])
    rmSync(join(project.root, '.tkt', path), { recursive: true })
  expect(await project.ok('add', { bundle: 'B-001', title: 'x' })).toMatchObject({ ticket_id: 'TKT-003' })
  expect(await project.ok('create-bundle', { goal: 'x' })).toMatchObject({ bundle_id: 'B-003' })
  expect(await project.ok('express', { title: 'x', acceptance: 'y' })).toMatchObject({ ticket_id: 'EXP-002' })
})

test('without the cache the greatest id in use counts', async () => {
  const project = await startBundle(2)
  for (const path of ['bundles/B-001/TKT-002.yaml', 'cache'])
    rmSync(join(project.root, '.tkt', path), { recursive: true })
  expect(await project.ok('add', { bundle: 'B-001', title: 'x' })).toMatchObject({ ticket_id: 'TKT-002' })
})

describe('of a cache that is long to look through the numbers are kept', () => {
  const WORKERS = 300 // more than the cache holds in what is looked through each time
  const TICKETS = '.tkt/cache/B-002.jsonl'

  async function startLong(): Promise<Project> {
    const plan = Array.from({ length: WORKERS }, (_, index) => `- [ ] Part ${index + 1}\n`).join('')
    const project = await startBundle(0, { 'plan.md': `# Plan\n\n${plan}` })
    await project.ok('create-bundle', { source_plan: 'plan.md' })
    await project.ok('next', { bundle: 'B-002', agent: 'alice' }) // reads them all
    return project
  }

  const add = async (project: Project, number: number): Promise<void> => {
    expect(await project.ok('add', { bundle: 'B-002', title: 'x' })).toMatchObject({
      ticket_id: `TKT-${number}`,
    })
  }

  const remove = (project: Project, number: number): void => {
    rmSync(join(project.root, `.tkt/bundles/B-002/TKT-${number}.yaml`))
  }

  test('and what was remembered since then counts with them', async () => {
    const project = await startLong()
    await add(project, 301)
    expect(existsSync(join(project.root, `${TICKETS}.numbers`))).toBe(true)
    await add(project, 302)
    remove(project, 301)
    remove(project, 302)
    await add(project, 303)
    remove(project, 303)
    await add(project, 304)
  })

  test.each<readonly [string, (project: Project) => void]>([
    [
      'when the cache was put in order',
      (project) => {
        const path = join(project.root, TICKETS)
        writeFileSync(`${path}.new`, readFileSync(path, 'utf8').split('\n').reverse().join('\n'))
        renameSync(`${path}.new`, path)
      },
    ],
    [
      'when they are no JSON',
      (project) => {
        writeFileSync(join(project.root, `${TICKETS}.numbers`), '{"looked"')
      },
    ],
    [
      'when they are of another form',
      (project) => {
        writeFileSync(join(project.root, `${TICKETS}.numbers`), '{}')
      },
    ],
    [
      'when half a line of a crash ends the cache',
      (project) => {
        appendFileSync(join(project.root, TICKETS), '\n["TKT-99')
      },
    ],
  ])('and all of it is looked through again %s', async (_title, change) => {
    const project = await startLong()
    await add(project, 301)
    await add(project, 302)
    remove(project, 302)
    change(project)
    await add(project, 303)
    remove(project, 303)
    await add(project, 304)
  })
})
