import { describe, expect, test } from 'vitest'
import { readScopeConfig } from '../../../../src/durable/model/scope/scope-config.ts'
import { scopeReport } from '../../../../src/durable/model/scope/scope-report.ts'
import {
  refusedEntries,
  scopeAdmits,
  scopeOf,
  type ScopeConfig,
} from '../../../../src/durable/model/scope/scope.ts'
import { changedFiles, givenFiles } from '../../../../src/durable/model/scope/changed-files.ts'

const NOTHING = { allow: [], deny: [] }
const policy = { subagent_scope_rule: 'ticket-scoped', cross_ticket_loophole: 'forbidden' }

const CONFIG = configOf({
  defaults: { allow: ['docs/'] },
  rules: [
    { match: 'TKT-0*', allow: ['src/'], deny: ['src/db/'], description: 'the early ones' },
    { match: 'TKT-*', deny: ['.ci/'] },
  ],
})

describe('the scope of a ticket', () => {
  test('is its own, else that of the first rule for its id, else the default', () => {
    const of = (id: string, own = NOTHING as { allow: readonly string[]; deny: readonly string[] }) => {
      const { source, scope_ticket_id, description, allow, deny } = scopeOf(id, own, CONFIG)
      return [source, scope_ticket_id, description, allow, deny]
    }
    expect(of('TKT-001', { allow: ['a'], deny: [] })).toEqual([
      'ticket',
      'TKT-001',
      'declared by the ticket',
      ['a'],
      [],
    ])
    expect(of('TKT-001')).toEqual(['rule', 'TKT-0*', 'the early ones', ['src/'], ['src/db/']])
    expect(of('TKT-101')).toEqual([
      'rule',
      'TKT-*',
      'scope.rules of config/tkt.yaml, TKT-*',
      ['**'],
      ['.ci/'],
    ])
    expect(of('FIX-1')).toEqual(['defaults', 'FIX-1', 'scope.defaults of config/tkt.yaml', ['docs/'], []])
    expect(scopeOf('FIX-1', NOTHING, configOf(undefined))).toMatchObject({
      source: 'undeclared',
      allow: [],
      deny: [],
    })
  })

  test('denies before it allows, and allows all when it only denies', () => {
    const early = scopeAdmits(scopeOf('TKT-001', NOTHING, CONFIG))
    expect(['src', 'src/a', 'src/db', 'src/db/a', 'a'].filter(early)).toEqual(['src', 'src/a'])
    const late = scopeAdmits(scopeOf('TKT-101', NOTHING, CONFIG))
    expect(['a', '.ci/x', '.cia'].filter(late)).toEqual(['a', '.cia'])
  })

  test('names each entry that cannot be used', () => {
    expect(refusedEntries({ allow: ['src', '/etc'], deny: ['../x'] })).toEqual([
      expect.stringContaining('"/etc"'),
      expect.stringContaining('"../x"'),
    ])
  })
})

describe('the report', () => {
  const changed = changedFiles(['src/a.ts', 'x.md', 'src/a.ts'], {
    from: ['uncommitted', 'commits'],
    base_sha: 'f00',
  })

  test('of a breach has the published keys, and says whence its facts are', () => {
    const scope = scopeOf('TKT-003', { allow: ['src/'], deny: ['src/b'] }, CONFIG)
    expect(scopeReport(scope, changed, { policy })).toEqual({
      ticket_id: 'TKT-003',
      scope_ticket_id: 'TKT-003',
      scope_description: 'declared by the ticket',
      scope_source: 'ticket',
      allowed_prefixes: ['src/'],
      denied_patterns: ['src/b'],
      changed_files: ['src/a.ts', 'x.md'],
      changed_files_from: ['uncommitted', 'commits'],
      base_sha: 'f00',
      out_of_scope_files: ['x.md'],
      ignored_files: 0,
      ...policy,
      scope_breach_status: 'SCOPE_BREACH',
    })
  })

  test.each([
    [{ allow: ['**'], deny: [] }, 'CLEAN', []],
    [{ allow: ['**'], deny: ['x.md/'] }, 'SCOPE_BREACH', ['x.md']],
    [NOTHING, 'UNDECLARED', []],
  ])('of %j is %s', (own, scope_breach_status, out_of_scope_files) => {
    const answer = scopeReport(scopeOf('A', own, configOf(undefined)), changed, { policy })
    expect(answer).toMatchObject({ scope_breach_status, out_of_scope_files })
  })

  test('leaves out the records of the tool, and counts them', () => {
    const files = changedFiles(['.tkt/history.log', '.tktx', 'x'], { from: ['given'] })
    const scope = scopeOf('A', { allow: ['x'], deny: [] }, CONFIG)
    expect(scopeReport(scope, files, { policy, records: '.tkt/' })).toMatchObject({
      changed_files: ['.tktx', 'x'],
      out_of_scope_files: ['.tktx'],
      ignored_files: 1,
    })
  })

  test('is refused where an entry cannot be used', () => {
    const scope = scopeOf('A', { allow: ['src/{a'], deny: [] }, CONFIG)
    expect(scopeReport(scope, changed, { policy })).toMatchObject({
      refused: 'INPUT_INVALID',
      details: { errors: [expect.stringContaining('src/{a')] },
    })
  })
})

describe('scope in config/tkt.yaml', () => {
  test.each([undefined, null, {}, { rules: null, defaults: null }, { rules: [], defaults: { allow: null } }])(
    '%j declares nothing',
    (written) => {
      expect(readScopeConfig(written)).toEqual({ ok: true, config: { rules: [], defaults: NOTHING } })
    },
  )

  test('tells all that is wrong at once', () => {
    const written = {
      default: {},
      defaults: ['src/'],
      rules: [
        'src/',
        { match: 'TKT-*', allow: 'src/' },
        { match: '[', alow: ['a'], deny: ['../a', 7] },
        { match: 3, description: [], deny: ['a'] },
      ],
    }
    expect(readScopeConfig(written)).toEqual({
      ok: false,
      errors: [
        'scope.default has no meaning: scope holds defaults, rules',
        'scope.defaults must be a map of allow, deny, description, got ["src/"]',
        'scope.rules[0] must be a map of allow, deny, description, match, got "src/"',
        'scope.rules[0].match must be a glob over ids of tickets, such as TKT-0*',
        'scope.rules[0] must list something under allow or deny',
        'scope.rules[1].allow must be a list, got "src/"',
        'scope.rules[1] must list something under allow or deny',
        'scope.rules[2].alow has no meaning: scope.rules[2] holds allow, deny, description, match',
        'scope.rules[2].deny must hold texts, got 7',
        'scope.rules[2]: "../a": it leads upwards by ..',
        'scope.rules[2].match: "[": its brackets cannot be read',
        'scope.rules[3].match must be text, got 3',
        'scope.rules[3].description must be text, got []',
        'scope.rules[3].match must be a glob over ids of tickets, such as TKT-0*',
      ],
    })
  })
})

describe('files that a caller names', () => {
  test('are told as paths from the top, each once', () => {
    const given = ['./b', 'a//x/', '/top dir/a/x', 'b', 'ä\n"']
    expect(givenFiles(given, '/top dir')).toEqual({ files: ['a/x', 'b', 'ä\n"'], from: ['given'] })
    expect(givenFiles(['/a'], '/')).toMatchObject({ files: ['a'] })
    expect(givenFiles([], '/top')).toMatchObject({ files: [] })
  })

  test.each(['', '.', './', '/', '/top', '/top2/a', '../a', 'a/../b', '/top/../b', 'a\0'])(
    'may not be %j',
    (path) => {
      expect(givenFiles(['fine', path], '/top')).toMatchObject({
        refused: 'INPUT_INVALID',
        message: expect.stringContaining(JSON.stringify(path)) as string,
      })
    },
  )
})

function configOf(written: unknown): ScopeConfig {
  const read = readScopeConfig(written)
  if (!read.ok) throw new Error(read.errors.join('; '))
  return read.config
}
