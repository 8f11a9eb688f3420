/** A config/tkt.yaml that cannot be used: every fault is told at once, nothing is done, and nothing is taken for granted. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { tkt } from '../support/tkt.ts'
import { tkt as tktHere } from '../surfaces/cli/tkt.ts'
import { refused, refusedHere } from './refusing.ts'

const FILES: readonly (readonly [why: string, text: string, told: RegExp])[] = [
  [
    'a time that is a word',
    'ticket:\n  lock_timeout: soon\n',
    /ticket\.lock_timeout must be a number, 0 or more, got "soon"/,
  ],
  ['a time below zero', 'ticket:\n  lock_timeout: -1\n', /ticket\.lock_timeout must be/],
  ['a time without an end', 'lock_timeout: .inf\n', /ticket\.lock_timeout must be/],
  ['a time that is no number', 'ticket:\n  lock_timeout: .nan\n', /ticket\.lock_timeout must be/],
  [
    'a time in quotes',
    'ticket:\n  lock_timeout: "30"\n',
    /ticket\.lock_timeout must be a number, 0 or more, got "30"/,
  ],
  ['a time that is a map', 'ticket:\n  lock_timeout:\n    seconds: 30\n', /ticket\.lock_timeout must be/],
  [
    'no tickets at all',
    'bundle:\n  max_tickets: 0\n',
    /bundle\.max_tickets must be a number, 1 or more, got 0/,
  ],
  [
    'an audit that is maybe',
    'bundle:\n  auto_audit: maybe\n',
    /bundle\.auto_audit must be true or false, got "maybe"/,
  ],
  [
    'a check that is yes, which is text today',
    'enforcement:\n  run_structural: yes\n',
    /enforcement\.run_structural must be true or false/,
  ],
  ['a gate that is a number', 'close_gate:\n  enabled: 1\n', /close_gate\.enabled must be true or false/],
  [
    'a command that is a list',
    'close_gate:\n  command: [npm, test]\n',
    /close_gate\.command must be text, got \["npm","test"\]/,
  ],
  [
    'a command that is a map',
    'close_gate:\n  command:\n    run: npm test\n',
    /close_gate\.command must be text/,
  ],
  ['a gate that is a word, which would never run', 'close_gate: npm test\n', /close_gate must be a map/],
  ['a gate that is a list', 'close_gate:\n  - command: npm test\n', /close_gate must be a map/],
  [
    'a limit of nothing',
    'acceptance:\n  timeout_seconds: 0\n',
    /acceptance\.timeout_seconds must be a number, 1 or more, got 0/,
  ],
  ['no YAML', 'ticket: [\n', /line/],
  ['a key twice', 'ticket:\n  lock_timeout: 1\nticket:\n  lock_timeout: 2\n', /unique/],
  [
    'two documents',
    'ticket:\n  lock_timeout: 1\n---\nclose_gate:\n  command: npm test\n',
    /multiple documents/,
  ],
  ['a list', '- ticket\n', /must hold a map/],
  ['a word', 'hello\n', /must hold a map/],
  ['an alias bomb', `a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n`, /alias/i],
  ['a circle', 'ticket: &t\n  more: *t\n', /circular/i],
  ['100,000 brackets', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, /./],
  ['5 MB', `# ${'x'.repeat(5_000_000)}\n`, /too large/],
]

describe('a config with', () => {
  test.each(FILES)('%s is refused by whatever needs it', async (_, text, told) => {
    const project = await startBundle(1)
    project.write({ 'config/tkt.yaml': text })
    for (const words of [
      ['claim', 'B-001', 'TKT-001', 'a'],
      ['next', '--agent', 'a', '--claim'],
      ['close', 'B-001'],
      ['express', '--title', 't', '--acceptance', 'a'],
      ['edit', 'B-001', 'TKT-001', '--title', 't'],
      ['release', 'B-001', 'TKT-001', 'a'],
      ['archive', 'B-001', '--reason', 'r'],
      ['batch-update', '--bundle', 'B-001', '--status', 'failed', 'TKT-001', 'TKT-A00'],
      ['roadmap-goal', 'add', '--title', 't'],
      ['roadmap-goal', 'unlink', '--bundle', 'B-001'],
      ['generate-review', 'B-001'],
      ['verify', 'B-001'],
    ]) {
      const { code, json } = await refusedHere(project, words)
      expect([words, code, json.error]).toEqual([words, 2, 'CONFIG_INVALID'])
      expect(json.message).toMatch(told)
      expect(json.message).toContain('config/tkt.yaml')
    }
    for (const words of [
      ['list'],
      ['status', 'B-001'],
      ['show', 'B-001'],
      ['history'],
      ['next', '--agent', 'a'],
      ['graph', 'B-001'],
      ['roadmap-goal', 'list'],
      ['worktree-status'],
      ['worktree-prune'],
      ['doctor', '--repair'],
    ])
      expect([words, (await tktHere(words, { cwd: project.root })).code]).toEqual([words, 0])
  })

  test('every key wrong tells every key', async () => {
    const project = await startBundle(1)
    const text = `ticket: { lock_timeout: x }\nbundle: { max_tickets: x, auto_audit: 1 }\nenforcement: { run_structural: 1 }
close_gate: { enabled: 1, command: 1, timeout_seconds: x }\nacceptance: { timeout_seconds: x }\n`
    project.write({ 'config/tkt.yaml': text })
    const { json } = refused(project, ['close', 'B-001'])
    expect(
      (json.details as { readonly errors: readonly string[] }).errors.map((error) => error.split(' ')[0]),
    ).toEqual([
      'ticket.lock_timeout',
      'bundle.max_tickets',
      'bundle.auto_audit',
      'enforcement.run_structural',
      'close_gate.enabled',
      'close_gate.command',
      'close_gate.timeout_seconds',
      'acceptance.timeout_seconds',
    ])
  })

  test('a wrong limit hides no board: the defaults hold for looking, and the fault is told', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'a' }) // months ago, by its clock
    project.write({ 'config/tkt.yaml': 'stale: {idle_timeout_minutes: soon}\n' })
    expect(tkt(['status', 'B-001'], { cwd: project.root }).json).toMatchObject({
      ...{ ok: true, stale: 1 },
      warnings: [expect.stringMatching(/stale\.idle_timeout_minutes must be .* the defaults hold/)],
    })
  })

  test('a folder in its place is refused', async () => {
    const project = await startBundle(1)
    mkdirSync(join(project.root, 'config/tkt.yaml'), { recursive: true })
    expect(refused(project, ['claim', 'B-001', 'TKT-001', 'a']).json).toMatchObject({
      error: 'CONFIG_INVALID',
    })
  })

  test('keys without a meaning are told where it matters', async () => {
    const project = await startBundle(1)
    project.write({
      'config/tkt.yaml': 'close_gates:\n  command: npm test\nticket:\n  lock_timeout: 2 # seconds\n',
    })
    expect(tkt(['create-bundle', '--goal', 'g'], { cwd: project.root }).json.warnings).toEqual([
      expect.stringMatching(/close_gates\.command/),
    ])
  })
})
