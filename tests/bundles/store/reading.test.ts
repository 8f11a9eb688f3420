import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { StorePlace } from '../../../src/bundles/store/layout.ts'
import {
  loadBundle,
  loadBundles,
  loadExpresses,
  loadRoadmap,
  loadTicket,
  loadTickets,
} from '../../../src/bundles/store/reading.ts'
import { reportUnreadable } from '../../../src/bundles/find.ts'
import { projectFolder } from '../../support/project.ts'
import { bundleId, ticketId } from '../model/make.ts'

const B = bundleId('B-001')

function store(files: Readonly<Record<string, string>>): StorePlace {
  const root = projectFolder(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`.tkt/${path}`, text])),
  )
  return { root, store: join(root, '.tkt') }
}

describe('one thing', () => {
  test('is found, with the file it came from', () => {
    const text = 'title: Slugs\nstatus: open\n'
    const place = store({ 'bundles/B-001/TKT-001.yaml': text })
    const stored = loadTicket(place, B, ticketId('TKT-001'))
    expect(stored).toMatchObject({
      state: 'found',
      thing: { id: 'TKT-001', title: 'Slugs' },
      file: {
        path: join(place.store, 'bundles/B-001/TKT-001.yaml'),
        value: { title: 'Slugs', status: 'open' },
      },
    })
    expect(stored.state === 'found' && stored.file.text()).toBe(text)
  })

  test('is absent when its file is', () => {
    const place = store({ 'bundles/B-001/.keep': '' })
    expect(loadBundle(place, B)).toEqual({ state: 'absent' })
    expect(loadRoadmap(place)).toEqual({ state: 'absent' })
    expect(loadTicket(place, bundleId('B-404'), ticketId('TKT-001'))).toEqual({ state: 'absent' })
  })

  test('is unreadable with path and reason, whether its YAML or its meaning is wrong', () => {
    const place = store({
      'roadmap.yaml': 'stage: nowhere\n',
      'bundles/B-001/bundle.yaml': 'a: 1\nb: c: d\n',
    })
    expect(loadRoadmap(place)).toEqual({
      state: 'unreadable',
      path: join(place.store, 'roadmap.yaml'),
      reason: expect.stringMatching(/^stage is "nowhere"/) as string,
    })
    expect(loadBundle(place, B)).toMatchObject({
      state: 'unreadable',
      reason: expect.stringMatching(/^line 2: /) as string,
    })
  })
})

describe('a list', () => {
  test('has all that can be read, and beside it what cannot, each with its reason', () => {
    const place = store({
      'bundles/B-001/bundle.yaml': 'title: fine\nstatus: open\n',
      'bundles/B-002/bundle.yaml': 'title: "broken\n',
      'bundles/B-003/TKT-000.yaml': 'title: no bundle.yaml\n',
      'bundles/B-004/bundle.yaml': '- a list\n',
      'bundles/B-005/bundle.yaml': '',
      'bundles/B-006/bundle.yaml': 'stage: closed\ngoal: of an older tree\n',
    })
    mkdirSync(join(place.store, 'bundles/B-007/bundle.yaml'), { recursive: true })
    const { things, unreadable } = loadBundles(place)
    expect(things.map(({ id, status, title }) => [id, status, title])).toEqual([
      ['B-001', 'open', 'fine'],
      ['B-006', 'closed', 'of an older tree'],
    ])
    expect(unreadable).toEqual([
      { id: 'B-002', reason: expect.stringMatching(/^bundle\.yaml: line \d: /) as string },
      { id: 'B-003', reason: 'its file is missing' },
      { id: 'B-004', reason: 'bundle.yaml: the file holds no map of fields' },
      { id: 'B-005', reason: 'bundle.yaml: the file holds no map of fields' },
      { id: 'B-007', reason: 'bundle.yaml: it is a folder' },
    ])
  })

  test('of tickets comes in the order of their files, as the published tool left them', () => {
    const place = store({
      'bundles/B-001/.lock': '',
      'bundles/B-001/TKT-A00.yaml': 'id: TKT-A00\ntitle: Audit\nstatus: open\n',
      'bundles/B-001/TKT-000.yaml': "id: TKT-000\ntitle: 'Integrate'\nstatus: completed\nresult: null\n",
      'bundles/B-001/TKT-001.yaml':
        'ticket_id: TKT-001\ntitle: Work\nstatus: done\nacceptance:\n- it works\n',
    })
    const { things, unreadable } = loadTickets(place, B)
    expect(things.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'TKT-000 done',
      'TKT-001 done',
      'TKT-A00 open',
    ])
    expect(things[1]?.acceptance_criteria).toEqual(['it works'])
    expect(unreadable).toEqual([])
  })

  test('is empty where there is nothing', () => {
    const place = { root: '/nonexistent', store: '/nonexistent/.tkt' }
    for (const listing of [loadBundles(place), loadExpresses(place), loadTickets(place, B)])
      expect(listing).toEqual({ things: [], unreadable: [] })
  })
})

describe('what an answer says of unreadable files', () => {
  test('is nothing when there are none, else how many and the first of them', () => {
    expect(reportUnreadable([])).toEqual({})
    const many = Array.from({ length: 7 }, (_, index) => ({ id: `B-00${index}`, reason: 'line 1' }))
    expect(reportUnreadable(many)).toEqual({ unreadable: many.slice(0, 5), unreadable_count: 7 })
    expect(reportUnreadable(many, 100)).toEqual({ unreadable: many, unreadable_count: 7 })
  })
})
