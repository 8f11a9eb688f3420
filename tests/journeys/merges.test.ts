/** Two branches on which people and agents worked, each for itself: what git merges by itself, and what it leaves to people. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { git, gitProject, projectFolder } from '../support/project.ts'
import { standingIn, type Commands } from '../support/published.ts'

interface Copy extends Commands {
  readonly root: string
}

const opened = (root: string): Copy => ({ root, ...standingIn(root) })

/** A repository whose store is committed: B-001 and B-002 with two workers each, and an express ticket. */
function repository(): Copy {
  const copy = opened(gitProject())
  copy.ok('init-roadmap', 'demo')
  for (const bundle of ['B-001', 'B-002']) {
    copy.ok('create-bundle', '--goal', `Ship ${bundle}`)
    copy.ok('add', bundle, 'Slugs')
    copy.ok('add', bundle, 'Redirects')
  }
  copy.ok('express', 'create', '--title', 'Small', '--acceptance', 'done')
  commit(copy)
  return copy
}

/** Another working copy of it, as somebody else has. */
function cloneOf({ root }: Copy): Copy {
  const folder = join(projectFolder(), 'clone')
  git(root, 'clone', '-q', root, folder)
  git(folder, 'config', 'user.name', 'Other')
  git(folder, 'config', 'user.email', 'other@localhost')
  return opened(folder)
}

function commit({ root }: Copy): void {
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '-m', 'Work')
}

/** Merges the branch, and returns the files that git leaves to people. */
function merge({ root }: Copy, branch: string): readonly string[] {
  try {
    git(root, 'merge', '-q', '--no-edit', branch)
    return []
  } catch {
    return git(root, 'diff', '--name-only', '--diff-filter=U').split('\n') // a conflict is what is asked for
  }
}

function mergeFrom(copy: Copy, other: Copy): readonly string[] {
  git(copy.root, 'fetch', '-q', other.root, 'main')
  return merge(copy, 'FETCH_HEAD')
}

/** The chain is whole, the merge makes a fork, and the next line a join. */
function expectJoined(copy: Copy, joinsBefore = 0): void {
  expect(copy.ok('history', '--verify')).toMatchObject({
    ...{ verified: true, unchained: 0, joins: joinsBefore, open_ends: 2, problems: [] },
  })
  copy.ok('add', 'B-001', 'After the merge')
  expect(copy.ok('history', '--verify')).toMatchObject({
    ...{ verified: true, joins: joinsBefore + 1, open_ends: 1 },
  })
}

function finish(copy: Copy, bundle: string, ticket: string, agent: string): void {
  copy.ok('claim', bundle, ticket, agent)
  copy.ok('update', bundle, ticket, 'done', '--agent', agent, '--evidence', `${ticket} works`)
}

describe('two branches of one working copy', () => {
  test('that each claim, finish, add and log are merged without a conflict, and the log joined', () => {
    const copy = repository()
    git(copy.root, 'switch', '-q', '-c', 'left')
    finish(copy, 'B-001', 'TKT-001', 'alice')
    copy.ok('add', 'B-001', 'Count hits', '--agent', 'alice')
    copy.ok('express', 'create', '--title', 'Left', '--acceptance', 'done')
    copy.ok('create-bundle', '--goal', 'Left')
    commit(copy)
    git(copy.root, 'switch', '-q', 'main')
    finish(copy, 'B-001', 'TKT-002', 'bob')
    copy.ok('add', 'B-001', 'Load test', '--agent', 'bob')
    copy.ok('express', 'create', '--title', 'Main', '--acceptance', 'done')
    copy.ok('create-bundle', '--goal', 'Main')
    commit(copy)
    expect(merge(copy, 'left')).toEqual([])
    expect(copy.ok('status', 'B-001')).toMatchObject({
      tickets: [
        { id: 'TKT-000' },
        { id: 'TKT-001', status: 'done' },
        { id: 'TKT-002', status: 'done' },
        { id: 'TKT-003', title: 'Count hits' },
        { id: 'TKT-004', title: 'Load test' },
        { id: 'TKT-A00' },
      ],
    })
    expect(copy.ok('show', 'B-001')).toMatchObject({ bundle: { ticket_count: 6 } })
    expect(copy.ok('show', 'B-003')).toMatchObject({ bundle: { title: 'Left' } })
    expect(copy.ok('show', 'B-004')).toMatchObject({ bundle: { title: 'Main' } })
    expectJoined(copy)
  })

  test('may be merged again and again', () => {
    const copy = repository()
    for (const round of [1, 2, 3]) {
      git(copy.root, 'switch', '-q', '-c', `left-${round}`)
      copy.ok('add', 'B-001', `Left ${round}`)
      commit(copy)
      git(copy.root, 'switch', '-q', 'main')
      copy.ok('add', 'B-002', `Main ${round}`)
      commit(copy)
      expect(merge(copy, `left-${round}`)).toEqual([])
      expectJoined(copy, round - 1)
      commit(copy)
    }
  })
})

describe('two clones', () => {
  test('that work on tickets of one bundle, or add to different bundles, are merged without a conflict', () => {
    const [one, other] = clones()
    finish(one, 'B-001', 'TKT-001', 'alice')
    one.ok('add', 'B-001', 'Count hits')
    one.ok('express', 'claim', 'EXP-001', '--agent', 'alice')
    commit(one)
    finish(other, 'B-001', 'TKT-002', 'bob')
    other.ok('add', 'B-002', 'Load test')
    other.ok('roadmap-transition', 'active', '--reason', 'go')
    commit(other)
    expect(mergeFrom(one, other)).toEqual([])
    expectJoined(one)
  })

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['add to one bundle', ['add', 'B-001'], ['.tkt/bundles/B-001/TKT-003.yaml']],
    ['create a bundle', ['create-bundle', '--goal'], ['.tkt/bundles/B-003/bundle.yaml']],
    ['claim one ticket', ['claim', 'B-001', 'TKT-001'], ['.tkt/bundles/B-001/TKT-001.yaml']],
    [
      'create an express ticket',
      ['express', 'create', '--acceptance', 'done', '--title'],
      ['.tkt/express/EXP-002.yaml'],
    ],
  ])('that both %s leave to people just what both wrote, and the log whole', (_, words, conflicts) => {
    const [one, other] = clones()
    one.ok(...words, 'alice')
    commit(one)
    other.ok(...words, 'bob')
    commit(other)
    const left = mergeFrom(one, other)
    expect(left).toEqual(conflicts)
    git(one.root, 'checkout', '-q', '--ours', ...left)
    commit(one)
    expectJoined(one)
  })
})

describe('doctor, after a merge that git left to people', () => {
  test('gives tickets that both added their own ids, and the history tells so', () => {
    const [one, other] = clones()
    one.ok('add', 'B-001', 'Count hits', '--acceptance', 'hits are counted')
    one.ok('add', 'B-001', 'Show hits')
    one.ok('express', 'create', '--title', 'Ours', '--acceptance', 'done')
    commit(one)
    other.ok('add', 'B-001', 'Load test', '--acceptance', 'a thousand at once')
    other.ok('claim', 'B-001', 'TKT-003', 'bob')
    other.ok('add', 'B-001', 'Report')
    other.ok('express', 'create', '--title', 'Theirs', '--acceptance', 'done')
    commit(other)
    const left = [
      '.tkt/bundles/B-001/TKT-003.yaml',
      '.tkt/bundles/B-001/TKT-004.yaml',
      '.tkt/express/EXP-002.yaml',
    ]
    expect(mergeFrom(one, other)).toEqual(left)
    expect(one.ok('doctor')).toMatchObject({
      healthy: false,
      faults: 3,
      findings: [
        {
          check: 'merge-conflict',
          where: 'bundles/B-001/TKT-003.yaml',
          says: 'two branches have different ones under this id: "Count hits" and "Load test"',
          next: 'tkt doctor --repair, then git add .tkt/bundles/B-001/TKT-003.yaml and the new ticket beside it',
        },
        { where: 'bundles/B-001/TKT-004.yaml' },
        { where: 'express/EXP-002.yaml' },
      ],
    })
    expect(one.ok('doctor', '--repair', '--agent', 'maria')).toMatchObject({ healthy: true, repaired: 3 })
    expect(one.ok('status', 'B-001')).toMatchObject({
      tickets: [
        ...[{ id: 'TKT-000' }, { id: 'TKT-001' }, { id: 'TKT-002' }],
        { id: 'TKT-003', title: 'Count hits', status: 'open' },
        { id: 'TKT-004', title: 'Show hits' },
        { id: 'TKT-005', title: 'Load test', status: 'claimed', claimed_by: 'bob' },
        { id: 'TKT-006', title: 'Report' },
        { id: 'TKT-A00' },
      ],
    })
    expect(one.ok('show', '--ticket', 'EXP-003')).toMatchObject({
      ticket: { id: 'EXP-003', title: 'Theirs' },
    })
    commit(one)
    expect(one.ok('history', '--verify')).toMatchObject({ verified: true, joins: 1, open_ends: 1 })
    expect(one.ok('update', 'B-001', 'TKT-005', 'in_progress', '--agent', 'bob')).toMatchObject({ ok: true })
  })

  test.each<readonly [string, readonly string[], string, RegExp]>([
    [
      'a ticket that both claimed',
      ['claim', 'B-001', 'TKT-001'],
      'bundles/B-001/TKT-001.yaml',
      /^two branches both changed it: .*claimed_by/,
    ],
    [
      'a bundle that both made',
      ['create-bundle', '--goal'],
      'bundles/B-003/bundle.yaml',
      /^two branches have different ones under this id: "alice" and "bob"$/,
    ],
  ])('says what to do with %s, and that is enough', (_, words, where, says) => {
    const [one, other] = clones()
    one.ok(...words, 'alice')
    commit(one)
    other.ok(...words, 'bob')
    commit(other)
    mergeFrom(one, other)
    const { findings } = one.ok('doctor', '--repair')
    expect(findings).toMatchObject([
      { check: 'merge-conflict', where, fault: true, says: expect.stringMatching(says) as string },
    ])
    const [{ next = '' } = {}] = findings as readonly { readonly next?: string }[]
    const [, checkout = '', add = ''] =
      /^keep one of the two: git (.*?) \(or --theirs\), then git ([^;]*)/.exec(next) ?? []
    git(one.root, ...checkout.split(' '))
    git(one.root, ...add.split(' '))
    expect(one.ok('doctor')).toMatchObject({ healthy: true, notices: 0 })
  })
})

function clones(): readonly [Copy, Copy] {
  const one = repository()
  return [one, cloneOf(one)]
}
