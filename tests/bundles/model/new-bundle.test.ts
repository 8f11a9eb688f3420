import { describe, expect, test } from 'vitest'
import { planBundle } from '../../../src/bundles/model/new-bundle.ts'
import { bundleId, NOW } from './make.ts'

const born = (workers: readonly string[], audit = true) =>
  planBundle(
    bundleId('B-007'),
    { title: 'Ship' },
    workers.map((title) => ({ title })),
    { now: NOW, audit, agent: 'pm' },
  )

describe('a bundle that is born', () => {
  test('has its two fixed tickets, and workers numbered in the order given', () => {
    const { id, tickets, documents } = born(['Slugs', 'Redirects'])
    expect(id).toBe('B-007')
    expect(tickets).toEqual(['TKT-000', 'TKT-A00', 'TKT-001', 'TKT-002'])
    expect(Object.keys(documents).sort()).toEqual(
      ['TKT-000.yaml', 'TKT-001.yaml', 'TKT-002.yaml', 'TKT-A00.yaml', 'bundle.yaml'].sort(),
    )
    expect(documents['TKT-002.yaml']).toMatchObject({ id: 'TKT-002', bundle: 'B-007', title: 'Redirects' })
    expect(documents['bundle.yaml']).toMatchObject({ ticket_count: 4, audit_required: true, created_at: NOW })
  })

  test('has no audit when none is wanted, and says so', () => {
    const { tickets, documents } = born(['Slugs'], false)
    expect(tickets).toEqual(['TKT-000', 'TKT-001'])
    expect(documents).not.toHaveProperty(['TKT-A00.yaml'])
    expect(documents['bundle.yaml']).toMatchObject({ ticket_count: 2, audit_required: false })
  })

  test('counts its tickets as the files that there are', () => {
    for (const workers of [[], ['a'], ['a', 'b', 'c']]) {
      const { documents } = born(workers)
      const files = Object.keys(documents).filter((name) => name.startsWith('TKT-'))
      expect(documents['bundle.yaml']).toMatchObject({ ticket_count: files.length })
    }
  })

  test('is told in the history, then each of its workers', () => {
    expect(born(['Slugs', 'Redirects']).events).toEqual([
      { event: 'BUNDLE_CREATED', fields: { id: 'B-007', goal: 'Ship', agent: 'pm', to: 'open' } },
      {
        event: 'TICKET_ADDED',
        fields: { bundle: 'B-007', ticket: 'TKT-001', title: 'Slugs', agent: 'pm', to: 'open' },
      },
      {
        event: 'TICKET_ADDED',
        fields: { bundle: 'B-007', ticket: 'TKT-002', title: 'Redirects', agent: 'pm', to: 'open' },
      },
    ])
  })
})
