import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { heardOf, noteLife, type Who } from '../../../src/bundles/store/leases.ts'
import { projectFolder } from '../../support/project.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')

describe('when an agent was last heard of', () => {
  const place = () => {
    const root = projectFolder({ '.tkt/roadmap.yaml': '' })
    return { root, store: join(root, '.tkt') }
  }

  test('is what was noted last', () => {
    const here = place()
    expect(heardOf(here, { agent: 'alice' })).toBeUndefined()
    noteLife(here, { agent: 'alice' }, NOON)
    noteLife(here, { agent: 'alice' }, NOON + 1500)
    expect(heardOf(here, { agent: 'alice' })).toBe(NOON + 1500)
    expect(heardOf(here, { agent: 'bob' })).toBeUndefined()
  })

  test('is known of a name and of each of its sessions', () => {
    const here = place()
    noteLife(here, { agent: 'alice', session_id: 's1' }, NOON)
    noteLife(here, { agent: 'alice', session_id: 's2' }, NOON + 1000)
    expect(heardOf(here, { agent: 'alice', session_id: 's1' })).toBe(NOON)
    expect(heardOf(here, { agent: 'alice' })).toBe(NOON + 1000)
  })

  test.each<readonly [Who, Who]>([
    [{ agent: 'Alice' }, { agent: 'alice' }],
    [{ agent: 'team/a' }, { agent: 'team_a' }],
    [{ agent: '../../evil' }, { agent: '______evil' }],
    [{ agent: `${'x'.repeat(199)}1` }, { agent: `${'x'.repeat(199)}2` }],
    [{ agent: '\ud800' }, { agent: '\ud801' }],
  ])('is another for %j than for %j', (one, other) => {
    const here = place()
    noteLife(here, one, NOON)
    expect([heardOf(here, one), heardOf(here, other)]).toEqual([NOON, undefined])
  })

  test('is not noted where nothing can be written, without a word', () => {
    const here = place()
    writeFileSync(join(here.store, 'leases'), 'a file in the way')
    noteLife(here, { agent: 'alice' }, NOON)
    chmodSync(here.store, 0o500)
    noteLife(here, { agent: 'alice' }, NOON)
    chmodSync(here.store, 0o700)
  })
})
