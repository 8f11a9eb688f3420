import { describe, expect, test } from 'vitest'
import { ERRORS, errorRow, KINDS, OperationError, type ErrorName } from '../../src/operation/errors.ts'
import { registry } from '../../src/registry.ts'

const NAMES = Object.keys(ERRORS) as ErrorName[]

/** What each number means where it is published (contracts: filesystem section 3), and the names that say it here. */
const PUBLISHED: Readonly<Record<string, readonly ErrorName[]>> = {
  'SK-TKT-001': ['SESSION_ALREADY_HAS_CLAIMED_TICKET'],
  'SK-TKT-002': ['TICKET_NOT_FOUND', 'UNKNOWN_TICKET'],
  'SK-TKT-003': ['TICKET_ALREADY_CLOSED'],
  'SK-TKT-004': ['TICKET_CLAIMED_BY_OTHER_SESSION'],
  'SK-TKT-005': ['TICKET_BLOCKED'],
  'SK-TKT-006': ['CLAIM_CONFLICT'],
  'SK-TKT-009': ['NO_ACTIVE_CLAIMED_TICKET'],
  'SK-TKT-010': ['NOT_OWNER', 'TICKET_NOT_OWNED_BY_SESSION'],
  'SK-TKT-011': ['PRE_CLOSE_VERIFICATION_FAILED'],
  'SK-TKT-012': ['AUDIT_UNFINISHED', 'INTEGRATOR_CLOSE_NOT_READY'],
  'SK-TKT-013': ['MISSING_SESSION_ID'],
  'SK-TKT-014': ['INPUT_INVALID', 'MISSING_TICKET_FIELDS'],
  'SK-TKT-016': ['INVALID_TICKET_BLOCK'],
  'SK-TKT-017': ['LOCK_TIMEOUT'],
  'SK-TKT-018': ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND'],
  'SK-TKT-019': ['EXPRESS_NOT_OPEN', 'WORK_UNFINISHED'],
  'SK-TKT-021': ['ROADMAP_EXISTS'],
  'SK-TKT-022': ['STAGE_UNKNOWN'],
  'SK-TKT-023': ['STAGE_REFUSED'],
  'SK-TKT-024': ['BUNDLES_UNFINISHED'],
  'SK-TKT-025': ['BUNDLES_MISSING'],
  'SK-TKT-026': ['DEPENDENCY_MISSING'],
  'SK-TKT-027': ['DEPENDENCY_UNFINISHED'],
  'SK-TKT-030': ['EVIDENCE_REQUIRED'],
  'SK-TKT-031': ['AUDIT_NOT_INDEPENDENT'],
  'SK-TKT-032': ['STRUCTURE_INVALID'],
  'SK-TKT-033': ['CLOSE_GATE_FAILED'],
  'SK-TKT-034': ['ACCEPTANCE_FAILED'],
  'SK-TKT-035': ['TRANSITION_REFUSED'],
  'SK-TKT-036': ['WORKTREE_FAILED'],
  'SK-TKT-037': ['WORKTREE_DIRTY'],
  'SK-TKT-038': ['CARRYOVER_MISSING'],
  'SK-GIT-001': ['WORKTREE_GONE'],
  'SK-GIT-002': ['MERGE_FAILED'],
  'SK-GIT-003': ['WORKTREE_NOT_REMOVED'],
  'SK-GIT-004': ['SCOPE_BREACH'],
  'SK-GIT-007': ['NOT_A_REPOSITORY'],
  'SK-MEM-001': ['DATABASE_UNAVAILABLE'],
  'SK-SYS-002': ['NODE_UNAVAILABLE'],
  'SK-SYS-004': ['FILE_NOT_FOUND', 'FILE_UNREADABLE'],
  'SK-CLI-002': ['UNKNOWN_COMMAND'],
  'SK-CFG-001': ['CONFIG_INVALID'],
}

/** Numbers that mean something else in the published registry. */
const TAKEN =
  /^SK-(TKT-(007|008|015|020|028|029)|SYS-00[135]|CFG-00[2-5]|GIT-00[56]|MEM-(00[2-9]|0[1-9]\d)|CLI-00[13])$/

describe('the kinds of failure', () => {
  test('have an exit code of their own each, and none is the code of success or of a crash', () => {
    const exits = Object.values(KINDS).map(({ exit }) => exit)
    expect(exits).toEqual([2, 3, 4, 5, 6, 70])
    expect(Object.keys(KINDS)).toEqual(['usage', 'missing', 'conflict', 'refused', 'unavailable', 'internal'])
  })

  test('have an HTTP status of their own each', () => {
    expect(Object.values(KINDS).map(({ http }) => http)).toEqual([400, 404, 409, 422, 503, 500])
  })
})

describe('the table of errors', () => {
  test.each(NAMES)('%s has a kind, a number, a meaning and a next step', (name) => {
    const { kind, code, means, hint } = errorRow(name)
    expect(KINDS).toHaveProperty(kind)
    expect(code).toMatch(/^SK-[A-Z]{3}-\d{3}$/)
    expect(code).not.toMatch(TAKEN)
    expect(means.length).toBeGreaterThan(5)
    expect(hint.length).toBeGreaterThan(5)
  })

  test('gives the published numbers to the names that mean what is published', () => {
    const namesOf = (code: string) => NAMES.filter((name) => ERRORS[name].code === code)
    const used = Object.keys(PUBLISHED).map((code) => [code, namesOf(code)])
    expect(Object.fromEntries(used)).toEqual(PUBLISHED)
  })

  test('lets no other number stand for two things', () => {
    const own = NAMES.map((name): string => ERRORS[name].code).filter((code) => !(code in PUBLISHED))
    expect(new Set(own).size).toBe(own.length)
  })

  test('has no name that nothing raises', async () => {
    const operations = await Promise.all(registry.map((row) => row.load()))
    const listed = new Set(operations.flatMap(({ errors }) => errors))
    expect(NAMES.filter((name) => errorRow(name).universal !== true && !listed.has(name))).toEqual([])
    expect([...listed].filter((name) => errorRow(name).universal === true)).toEqual([])
  })
})

describe('a foreseen failure', () => {
  test('takes its hint from the table unless it has a better one', () => {
    expect(new OperationError('LOCK_TIMEOUT', 'held').hint).toBe(ERRORS.LOCK_TIMEOUT.hint)
    expect(new OperationError('LOCK_TIMEOUT', 'held', {}, 'wait').hint).toBe('wait')
    expect(new OperationError('LOCK_TIMEOUT', 'held')).toMatchObject({
      details: {},
      message: 'held',
      name: 'OperationError',
    })
  })
})
