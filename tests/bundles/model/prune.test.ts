import { describe, expect, test } from 'vitest'
import type { BundleId } from '../../../src/bundles/model/ids.ts'
import { judgePrune } from '../../../src/bundles/model/prune.ts'
import {
  bundleOfBranch,
  isMerged,
  isOrphan,
  type OwnedWorktree,
  type OwnerStatus,
} from '../../../src/bundles/model/worktree.ts'

const worktree = (fields: Partial<OwnedWorktree> = {}): OwnedWorktree => ({
  bundle: 'B-001' as BundleId, // the form is right
  bundle_status: 'closed',
  path: '.worktrees/B-001',
  state: 'clean',
  branch: 'bundle/B-001',
  own_branch: 'bundle/B-001',
  has_own_branch: true,
  in_place: true,
  in_project: false,
  target: 'main',
  distance: { ahead: 0, behind: 2 },
  changes: [],
  ignored: [],
  locked: false,
  has_submodules: false,
  ...fields,
})

const judge = (fields: Partial<OwnedWorktree>, with_ignored = false) =>
  judgePrune(worktree(fields), { with_ignored })

const leftover = { state: 'leftover', in_place: false, branch: undefined, has_own_branch: false } as const
const gone = { state: 'gone', branch: 'bundle/B-001' } as const

describe('what can go', () => {
  test.each<[string, Partial<OwnedWorktree>]>([
    ['a merged and clean worktree of a closed bundle', {}],
    ['of an archived one', { bundle_status: 'archived' }],
    ['of one that is missing', { bundle_status: 'missing' }],
    ['what git has on record of a folder that is gone', gone],
    ['the same without its branch', { ...gone, has_own_branch: false, distance: undefined }],
    ['what a removal left', leftover],
    ['what a removal left of a bundle that is missing', { ...leftover, bundle_status: 'missing' }],
  ])('%s', (_, fields) => {
    expect(judge(fields)).toEqual({ ok: true, worktree: worktree(fields) })
  })

  test('one with ignored files, if the caller says so', () => {
    expect(judge({ ignored: ['.env'] }, true)).toEqual({
      ok: true,
      worktree: worktree({ ignored: ['.env'] }),
    })
  })
})

describe('what stays', () => {
  test.each<[string, Partial<OwnedWorktree>, RegExp, RegExp]>([
    ['of no bundle', { bundle: undefined, bundle_status: undefined }, /belongs to no bundle/, /look at it/],
    ['of an open bundle', { bundle_status: 'open' }, /B-001 is open/, /tkt close --bundle B-001 --merge/],
    ['of one at work', { bundle_status: 'in_progress' }, /B-001 is in_progress/, /tkt close/],
    ['of one that cannot be read', { bundle_status: 'unreadable' }, /cannot be read/, /tkt status/],
    ['left by a removal, of an open bundle', { ...leftover, bundle_status: 'open' }, /is open/, /./],
    ['left by a removal, of no bundle', { ...leftover, bundle: undefined }, /no bundle/, /./],
    ['no worktree', { state: 'not_a_worktree' }, /is no worktree/, /move it away/],
    ['not readable', { state: 'unreadable', problem: 'bad index' }, /bad index/, /mend/],
    ['moved', { ...gone, elsewhere: '/x y' }, /was moved to \/x y/, /git worktree remove '\/x y'/],
    ['not in its place', { in_place: false, path: '/x' }, /not where/, /git worktree remove \/x/],
    ['locked', { state: 'locked', locked: true }, /is locked/, /git worktree unlock \.worktrees\/B-001/],
    ['gone and locked', { ...gone, locked: true }, /is locked/, /unlock/],
    ['being judged', { state: 'judging' }, /a close is judging it/, /tkt close/],
    [
      'being judged, of a bundle that is missing',
      { state: 'judging', bundle_status: 'missing' },
      /a close is judging it/,
      /git update-ref -d refs\/worktree\/tkt-judging/,
    ],
    [
      'dirty',
      { state: 'dirty', changes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      /has changes: a, b, c, d, e, and 2 more/,
      /`git -C \.worktrees\/B-001 status`, then commit/,
    ],
    ['with submodules', { has_submodules: true }, /submodules/, /--force/],
    [
      'on another branch',
      { branch: 'x' },
      /is on x, not on bundle\/B-001/,
      /git -C \.worktrees\/B-001 switch bundle\/B-001/,
    ],
    ['on no branch', { branch: undefined }, /on a commit without a branch/, /switch bundle/],
    ['gone from a commit without a branch', { ...gone, branch: undefined }, /without a branch/, /./],
    [
      'not merged',
      { distance: { ahead: 2, behind: 0 } },
      /has 2 commits that main does not have/,
      /`tkt close --bundle B-001 --merge`, or `git worktree remove .* && git branch -D bundle\/B-001` if/,
    ],
    [
      'not merged, of an archived bundle',
      { bundle_status: 'archived', distance: { ahead: 1, behind: 0 } },
      /does not have/,
      /git merge bundle\/B-001`, or `git worktree remove \.worktrees\/B-001 && git branch -D bundle/,
    ],
    [
      'gone, and not merged, of a bundle that is missing',
      { ...gone, bundle_status: 'missing', distance: { ahead: 1, behind: 0 } },
      /does not have/,
      /`git worktree prune && git branch -D bundle/,
    ],
    ['whose branch is its target', { target: 'bundle/B-001' }, /would be merged into/, /worktree_branch/],
    ['whose branch is in the project', { in_project: true }, /out in the project/, /`git switch main` there/],
    ['without its target', { distance: undefined }, /cannot be compared with main/, /./],
    ['without any target', { distance: undefined, target: undefined }, /as none is known/, /./],
    ['with ignored files', { ignored: ['.env'] }, /git ignores would go with it: \.env/, /--ignored/],
  ])('%s', (_, fields, reason, next_step) => {
    expect(judge(fields)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason) as string,
      next_step: expect.stringMatching(next_step) as string,
    })
  })

  test('for anything but ignored files, whatever the caller says of those', () => {
    expect(judge({ ignored: ['.env'], changes: ['a'] }, true)).toMatchObject({ reason: 'it has changes: a' })
  })
})

describe('a worktree', () => {
  test.each<[OwnerStatus, boolean]>([
    ['open', false],
    ['in_progress', false],
    ['unreadable', false],
    ['closed', true],
    ['archived', true],
    ['missing', true],
    [undefined, true],
  ])('whose bundle is %s is an orphan: %s', (bundle_status, expected) => {
    expect(isOrphan(worktree({ bundle_status }))).toBe(expected)
  })

  test('is merged, or not, or that is not known', () => {
    expect(isMerged(worktree())).toBe(true)
    expect(isMerged(worktree({ distance: { ahead: 1, behind: 0 } }))).toBe(false)
    expect(isMerged(worktree({ distance: undefined }))).toBeUndefined()
  })

  test.each([
    ['bundle/B-001', 'B-001'],
    ['bundle/B-1', undefined],
    ['bundle/B-001/x', undefined],
    ['B-001', undefined],
    [undefined, undefined],
  ])('on %s is of %s', (branch, id) => {
    expect(bundleOfBranch(branch)).toBe(id)
  })
})
