import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { BundleId, TicketId } from '../../../src/bundles/model/ids.ts'
import { glanceOf } from '../../../src/bundles/model/glance.ts'
import { glanceAtTickets, loadTicket, loadTickets } from '../../../src/bundles/store/reading.ts'
import { startBundle, type Project } from '../../support/bundles.ts'

const B = 'B-001' as BundleId
const WORKERS = 60 // as many as make a list worth a document of its own

async function startLongBundle() {
  const plan = Array.from({ length: WORKERS }, (_, index) => `- [ ] Part ${index + 1}\n`).join('')
  const project = await startBundle(0, { 'plan.md': `# Plan\n\n${plan}` })
  await project.ok('create-bundle', { source_plan: 'plan.md' })
  const place = { root: project.root, store: join(project.root, '.tkt') }
  const load = () => loadTickets(place, 'B-002' as BundleId)
  load()
  return { project, place, load, cache: join(place.store, 'cache/B-002.json') }
}

const fileOf = (project: Project, id: string): string => join(project.root, `.tkt/bundles/B-002/${id}.yaml`)

/** A text of the same size. */
const marked = (path: string): string => readFileSync(path, 'utf8').replace('Part', 'Cart')

describe('what a long list was read as', () => {
  test('is what each of its files is read as', async () => {
    const { place, load, cache } = await startLongBundle()
    expect(existsSync(cache)).toBe(true)
    const { things, unreadable } = load()
    expect(unreadable).toEqual([])
    expect(things).toHaveLength(WORKERS + 2)
    for (const thing of things)
      expect(loadTicket(place, 'B-002' as BundleId, thing.id)).toMatchObject({ state: 'found', thing })
  })

  test('is not kept for a short one', async () => {
    const { place } = await startLongBundle()
    expect(loadTickets(place, B).things).toHaveLength(2)
    expect(existsSync(join(place.store, 'cache/B-001.json'))).toBe(false)
  })

  test.each<readonly [string, (path: string) => void, object]>([
    [
      'another text of the same size in the same file',
      (path) => {
        writeFileSync(path, marked(path))
      },
      { title: 'Cart 7' },
    ],
    [
      'another file of the same size and time in its place',
      (path) => {
        const { atime, mtime } = statSync(path)
        writeFileSync(`${path}.new`, marked(path))
        utimesSync(`${path}.new`, atime, mtime)
        renameSync(`${path}.new`, path)
      },
      { title: 'Cart 7' },
    ],
    [
      'another size, with the old time put back',
      (path) => {
        const { atime, mtime } = statSync(path)
        writeFileSync(path, `${marked(path)}# by hand\n`)
        utimesSync(path, atime, mtime)
      },
      { title: 'Cart 7' },
    ],
  ])('is forgotten when a file has %s', async (_title, change, expected) => {
    const { project, load } = await startLongBundle()
    change(fileOf(project, 'TKT-007'))
    expect(load().things.find(({ id }) => id === ('TKT-007' as TicketId))).toMatchObject(expected)
    expect(load().things).toHaveLength(WORKERS + 2)
  })

  test.each<readonly [string, (path: string) => void, readonly object[]]>([
    [
      'gone',
      (path) => {
        rmSync(path)
      },
      [],
    ],
    [
      'a folder',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
      [{ id: 'TKT-007', reason: 'TKT-007.yaml: it is a folder' }],
    ],
    [
      'no YAML any more',
      (path) => {
        writeFileSync(path, 'title: "\n')
      },
      [{ id: 'TKT-007', reason: expect.stringMatching(/^TKT-007.yaml: line 2/) as string }],
    ],
  ])('does not hide that a file is %s', async (_title, harm, unreadable) => {
    const { project, load } = await startLongBundle()
    harm(fileOf(project, 'TKT-007'))
    expect(load()).toMatchObject({ unreadable })
    expect(load().things).toHaveLength(WORKERS + 1)
  })

  test.each<readonly [string, (text: string) => string]>([
    ['of other code', (text) => text.replace(/"[^"]*"/, '"another"').replaceAll('Part', 'Lost')],
    ['half a document', (text) => text.slice(0, 500).replaceAll('Part', 'Lost')],
    ['of another form', () => '{"rows":[1]}'],
    ['of other things', (text) => `[${text.slice(1, text.indexOf(','))},[null,1],[1,1],[1,1],[1,1]]`],
    ['of columns of other lengths', (text) => text.replace(/\[\d+,/, '[')],
    ['of fewer columns', (text) => `[${text.slice(1, text.indexOf(','))},[1]]`],
    ['of no columns', (text) => `[${text.slice(1, text.indexOf(','))},1,1,1,1]`],
    ['empty', () => ''],
  ])('may be %s', async (_title, harm) => {
    const { load, cache } = await startLongBundle()
    const before = load()
    writeFileSync(cache, harm(readFileSync(cache, 'utf8')))
    expect(load()).toEqual(before)
  })

  test('is as much as a glance sees, where no more is asked', async () => {
    const { project, place } = await startLongBundle()
    const [id, fields] = ['B-002' as BundleId, { bundle: 'B-002', agent: 'alice', session_id: 's-1' }]
    await project.ok('claim', { ...fields, ticket: 'TKT-005' })
    await project.ok('update', { ...fields, ticket: 'TKT-005', status: 'done', evidence: 'attest:seen' })
    await project.ok('claim', { ...fields, ticket: 'TKT-006' })
    await project.ok('edit', { bundle: 'B-002', ticket: 'TKT-007', depends_on: ['TKT-006'], wave: 2 })
    const glances = loadTickets(place, id).things.map(glanceOf)
    expect(glanceAtTickets(place, id).things).toEqual(glances)
    expect(existsSync(join(place.store, 'cache/B-002-glance.json'))).toBe(true)
    expect(glanceAtTickets(place, id).things).toEqual(glances)
    expect(glances[5]).toMatchObject({ workers: ['alice'], moved_at: expect.any(String) as string })
  })

  test('is written anew when much of it has changed', async () => {
    const { project, load, cache } = await startLongBundle()
    for (let number = 1; number <= WORKERS; number += 1) {
      const ticket = `TKT-${String(number).padStart(3, '0')}`
      await project.ok('claim', { bundle: 'B-002', ticket, agent: 'alice' })
      if (number === 10) expect(load().things.filter(({ status }) => status === 'claimed')).toHaveLength(10)
      if (number === 10) expect(readFileSync(cache, 'utf8')).not.toContain('alice')
    }
    expect(load().things.filter(({ claimed_by }) => claimed_by === 'alice')).toHaveLength(WORKERS)
    expect(readFileSync(cache, 'utf8').match(/"claimed_by":"alice"/g)).toHaveLength(WORKERS)
  })
})
