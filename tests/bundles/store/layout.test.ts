import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as layout from '../../../src/bundles/store/layout.ts'
import { projectFolder } from '../../support/project.ts'
import { bundleId, expressId, ticketId } from '../model/make.ts'

const at = (root: string): layout.StorePlace => ({ root, store: join(root, '.tkt') })
const files = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [`.tkt/${path}`, '']))

describe('a thing of the store', () => {
  const place = { root: '/p', store: '/data/tickets' }

  test.each([
    [layout.roadmapFile(place), 'roadmap.yaml'],
    [layout.historyFile(place), 'history.log'],
    [layout.bundleFile(place, bundleId('B-001')), 'bundles/B-001/bundle.yaml'],
    [layout.ticketFile(place, bundleId('B-001'), ticketId('TKT-A00')), 'bundles/B-001/TKT-A00.yaml'],
    [layout.reviewFile(place, bundleId('B-1000')), 'bundles/B-1000/review.yaml'],
    [layout.carryoverFile(place, bundleId('B-001')), 'bundles/B-001/carryover.yaml'],
    [layout.expressFile(place, expressId('EXP-001')), 'express/EXP-001.yaml'],
    [layout.scratchFolder(place), 'tmp'],
    [layout.locksFolder(place), 'locks'],
    [layout.ignoreFile(place), '.gitignore'],
  ])('%s is below the store, wherever that is', (path, name) => {
    expect(path).toBe(join('/data/tickets', name))
  })

  test('that is only scratch is what git is told to ignore', () => {
    for (const folder of [layout.scratchFolder(place), layout.locksFolder(place)])
      expect(layout.IGNORED).toContain(`\n${folder.slice(place.store.length)}/\n`)
  })
})

describe('the ids in use', () => {
  test('are none where there is no store', () => {
    const place = at(projectFolder())
    expect(layout.listBundleIds(place)).toEqual([])
    expect(layout.listTicketIds(place, bundleId('B-001'))).toEqual([])
    expect(layout.listExpressIds(place)).toEqual([])
  })

  test('of bundles come by number, without names that are none of ours', () => {
    const names = ['B-1000', 'B-002', 'B-999', 'B-test', 'B-1', 'b-003', 'B-004.yaml', 'notes']
    const place = at(
      projectFolder(files(...names.map((name) => `bundles/${name}/bundle.yaml`), 'bundles/.DS_Store')),
    )
    expect(layout.listBundleIds(place)).toEqual(['B-002', 'B-999', 'B-1000'])
  })

  test('of tickets come by number, the audit last', () => {
    const names = [
      'TKT-000',
      'TKT-A00',
      'TKT-010',
      'TKT-1000',
      'TKT-002',
      'TKT-001-notes',
      'TKT-A00 copy',
      'TKT-003.yaml',
      'review',
      'bundle',
      'carryover',
    ].map((name) => `bundles/B-001/${name}.yaml`)
    const place = at(
      projectFolder(
        files(...names, 'bundles/B-001/.lock', 'bundles/B-001/TKT-004', 'bundles/B-001/TKT-005.yml'),
      ),
    )
    expect(layout.listTicketIds(place, bundleId('B-001'))).toEqual([
      'TKT-000',
      'TKT-002',
      'TKT-010',
      'TKT-1000',
      'TKT-A00',
    ])
  })

  test('of express tickets come by number', () => {
    const place = at(
      projectFolder(
        files('express/EXP-010.yaml', 'express/EXP-2.yaml', 'express/EXP-002.yaml', 'express/TKT-001.yaml'),
      ),
    )
    expect(layout.listExpressIds(place)).toEqual(['EXP-002', 'EXP-010'])
  })
})
