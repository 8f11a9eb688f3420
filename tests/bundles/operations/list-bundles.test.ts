import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  openProject,
  startBundle,
  startProject,
  type Project,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

async function manyBundles(count: number): Promise<Project> {
  const project = await startProject()
  for (let number = 1; number <= count; number += 1) {
    const id = `B-${String(number).padStart(3, '0')}`
    project.write({
      [`.tkt/bundles/${id}/bundle.yaml`]: `id: "${id}"\ntitle: "Goal ${number} of many"\nstatus: "open"\n`,
    })
  }
  return project
}

const idsOf = (answer: object): readonly string[] =>
  (answer as { readonly bundles: readonly { readonly id: string }[] }).bundles.map(({ id }) => id)

describe('list-bundles', () => {
  test('lists id, status and title, the newest first', async () => {
    const project = await startBundle()
    await addBundle(project, 0, { goal: 'A "quoted" goal,\nin two lines' })
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'failed' })
    await expectNoChange(project, async () => {
      expect(await project.run('list-bundles')).toEqual({
        ok: true,
        bundles: [
          { id: 'B-002', status: 'open', title: 'A "quoted" goal,\nin two lines' },
          { id: 'B-001', status: 'in_progress', title: 'Ship it' },
        ],
        shown: 'shown 2 of 2',
      })
    })
  })

  test('answers an empty list where no store is, and starts none', async () => {
    const project = openProject(projectFolder())
    expect(await project.run('list-bundles')).toEqual({
      ok: true,
      bundles: [],
      shown: 'shown 0 of 0',
      warnings: [expect.stringMatching(/^there is no .*\.tkt: nothing was ever started/)],
    })
    expect(project.has('.tkt')).toBe(false)
  })

  test('sorts by number, not by letters', async () => {
    const project = await startProject()
    for (const id of ['B-999', 'B-1000', 'B-002'])
      project.write({ [`.tkt/bundles/${id}/bundle.yaml`]: `title: ${id}\nstatus: open\n` })
    expect(idsOf(await project.run('list-bundles'))).toEqual(['B-1000', 'B-999', 'B-002'])
  })

  test('filters by status and track', async () => {
    const project = await startProject()
    await addBundle(project, 1, { track: 'core' })
    await addBundle(project, 1, { track: 'docs' })
    await project.ok('update', { bundle: 'B-002', ticket: 'TKT-001', status: 'failed' })
    expect(idsOf(await project.run('list-bundles', { track: 'core' }))).toEqual(['B-001'])
    expect(idsOf(await project.run('list-bundles', { status: 'in_progress' }))).toEqual(['B-002'])
    expect(await project.run('list-bundles', { status: 'in_progress', track: 'core' })).toMatchObject({
      bundles: [],
      shown: 'shown 0 of 0',
    })
    expect(await project.run('list-bundles', { status: 'flying' })).toMatchObject({
      error_code: 'SK-TKT-014',
      message: expect.stringContaining('open, in_progress, closed, archived') as string,
    })
  })

  test('shows a page below 2 KB, says of how many, and how to go on to the very end', async () => {
    const project = await manyBundles(120)
    const seen: string[] = []
    let offset: number | undefined
    do {
      const answer = await project.ok('list-bundles', offset === undefined ? {} : { offset })
      expect(JSON.stringify(answer).length).toBeLessThan(2048)
      seen.push(...idsOf(answer))
      expect(answer.shown).toBe(`shown ${idsOf(answer).length} of 120`)
      const next = /^--offset=(\d+)$/.exec(String(answer.next))?.[1]
      expect(next === undefined).toBe(answer.next === undefined)
      offset = next === undefined ? undefined : Number(next)
    } while (offset !== undefined)
    expect(seen).toHaveLength(120)
    expect(new Set(seen).size).toBe(120)
    expect([seen.at(0), seen.at(-1)]).toEqual(['B-120', 'B-001'])
  })

  test('a long goal is cut on a default page, and whole on one of a size', async () => {
    const project = await startBundle(0)
    await project.ok('create-bundle', { goal: '世'.repeat(1000) })
    const titles = async (limit?: number) => {
      const { bundles } = await project.ok('list-bundles', limit === undefined ? {} : { limit })
      return (bundles as { title: string }[]).map(({ title }) => title.length)
    }
    expect(await titles()).toEqual([133])
    expect(await titles(2)).toEqual([1000, 'Ship it'.length])
  })

  test('takes --limit and --offset at their word', async () => {
    const project = await manyBundles(120)
    expect(idsOf(await project.run('list-bundles', { limit: 100 }))).toHaveLength(100)
    const page = await project.run('list-bundles', { limit: 2, offset: 3 })
    expect(page).toMatchObject({ shown: 'shown 2 of 120', next: '--offset=5' })
    expect(idsOf(page)).toEqual(['B-117', 'B-116'])
    const beyond = await project.run('list-bundles', { offset: 500 })
    expect(beyond).toMatchObject({ bundles: [], shown: 'shown 0 of 120' })
    expect(beyond).not.toHaveProperty('next')
    expect(await project.run('list-bundles', { limit: 0 })).toMatchObject({ error_code: 'SK-TKT-014' })
  })

  test('a bundle that cannot be read hides no other, and is told with its line', async () => {
    const project = await startBundle()
    project.write({
      '.tkt/bundles/B-002/bundle.yaml': 'title: fine\nstatus: open\ngoal: "never closed\n',
      '.tkt/bundles/B-003/notes.txt': 'no bundle.yaml here',
      '.tkt/bundles/B-004/bundle.yaml/x': 'a folder where a file belongs',
      '.tkt/bundles/B-test/bundle.yaml': 'title: not one of ours\n',
    })
    expect(await project.ok('list-bundles')).toMatchObject({
      bundles: [{ id: 'B-001' }],
      shown: 'shown 1 of 1',
      unreadable_count: 3,
      unreadable: [
        { id: 'B-002', reason: expect.stringMatching(/^bundle\.yaml: line \d/) as string },
        { id: 'B-003', reason: 'its file is missing' },
        { id: 'B-004', reason: expect.stringContaining('it is a folder') as string },
      ],
    })
  })

  test('names five unreadable bundles and counts all', async () => {
    const project = await startProject()
    for (let number = 1; number <= 9; number += 1)
      project.write({ [`.tkt/bundles/B-00${number}/bundle.yaml`]: 'a: "\n' })
    const answer = await project.ok('list-bundles')
    expect(answer.unreadable).toHaveLength(5)
    expect(answer.unreadable_count).toBe(9)
  })
})
