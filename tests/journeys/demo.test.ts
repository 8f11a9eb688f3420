import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseEvent, type HistoryRow } from '../../src/bundles/model/history-event.ts'
import { git } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'

const DEMO = join(import.meta.dirname, '../../scripts/demo.ts')
const WORKERS = ['TKT-001', 'TKT-002', 'TKT-003', 'TKT-004', 'TKT-005']

type Fields = Readonly<Record<string, unknown>>

/** Plays the demo in a folder of its own, for somebody without a git identity. */
function play(base: string, options: readonly string[] = [], extra: NodeJS.ProcessEnv = {}) {
  mkdirSync(join(base, 'home'), { recursive: true })
  const { GIT_AUTHOR_NAME: _n, GIT_AUTHOR_EMAIL: _e, FORCE_COLOR: _f, ...rest } = process.env
  const environment = {
    ...rest,
    HOME: join(base, 'home'),
    XDG_CONFIG_HOME: base,
    TMPDIR: base,
    TEMP: base,
    ...extra,
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [DEMO, ...options], {
    cwd: join(base, 'home'),
    env: environment,
    encoding: 'utf8',
  })
  const lines = stdout.trimEnd().split('\n')
  return { status, stderr, lines, json: JSON.parse(lines.at(-1) ?? '') as Readonly<Record<string, unknown>> }
}

/** Folders of the demo; beside them node keeps its compile cache. */
const leftIn = (base: string): readonly string[] =>
  readdirSync(base).filter((name) => name.startsWith('tkt-demo-'))

describe('the demo', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-test-')))
  let played: ReturnType<typeof play>
  let project = ''
  let events: readonly HistoryRow[] = []

  beforeAll(() => {
    played = play(base, ['--quiet', '--keep'])
    project = String(played.json.folder)
    events = readFileSync(join(project, '.tkt/history.log'), 'utf8')
      .split('\n')
      .flatMap((line) => parseEvent(line) ?? [])
  })
  afterAll(() => rmSync(base, { recursive: true, force: true }))

  const eventsOf = (ticket: string): readonly string[] =>
    events
      .filter(({ fields }) => fields.ticket === ticket)
      .map(({ event, fields }) => [event, fields.status].filter((part) => part !== undefined).join(' '))

  test('prints one line when it is quiet, and ends well', () => {
    expect(played).toMatchObject({ status: 0, stderr: '' })
    expect(played.lines).toHaveLength(1)
    expect(played.json).toMatchObject({ ok: true, bundle: 'B-001', tickets: 7, acceptance_failed: 0 })
  })

  test('drains the queue: what a killed session held is taken over, and the batch is closed after all of it', () => {
    const lost = String(played.json.taken_over)
    expect(played.json).toMatchObject({
      queue_tickets: 6,
      taken_over: expect.stringMatching(/^TKT-/) as string,
    })
    const cwd = join(project, '../queue')
    expect(tkt(['list-tickets', '--unresolved-only'], { cwd }).json.shown).toBe('shown 0 of 0')
    const { events: newest } = tkt(['show-ticket', lost, '--limit', '9'], { cwd }).json
    expect(newest).toMatchObject([
      { type: 'ticket.closed' },
      { type: 'ticket.taken_over', claim_no: 2 },
      { type: 'ticket.claimed', actor: 'ses-0' },
      { type: 'ticket.created' },
    ])
    const [end] = tkt(['show-ticket', 'TKT-109'], { cwd }).json.events as readonly { readonly at: string }[]
    const closed = tkt(['list-tickets', '--verbose', '--limit', '9'], { cwd }).json.tickets
    const times = (closed as readonly { readonly closed_at: string }[]).map(({ closed_at }) => closed_at)
    expect(times.toSorted().at(-1)).toBe(end?.at)
  })

  test('publishes the plan as well: sessions finish it, and the bundle knows who, and for whom', () => {
    const cwd = join(project, '../published')
    expect(played.json).toMatchObject({ published_tickets: 5, published_taken_over: 'B-001/TKT-001' })
    const fileOf = (name: string): Fields =>
      parse(readFileSync(join(cwd, `.tkt/bundles/B-001/${name}`), 'utf8')) as Fields
    const review = fileOf('review.yaml')
    const told = new Map(
      (review.evidence_summary as readonly Fields[]).map((row) => [row.ticket_id, row.worked_by]),
    )
    for (const ticket of WORKERS) {
      const { events } = tkt(['show-ticket', `B-001/${ticket}`, '--limit', '9'], { cwd }).json
      const [{ type, actor } = {}] = events as readonly Fields[]
      expect([ticket, type, actor]).toEqual([
        ...[ticket, 'ticket.closed'],
        expect.stringMatching(/^ses-[123]$/),
      ])
      expect(fileOf(`${ticket}.yaml`)).toMatchObject({ status: 'done', claimed_by: actor })
      expect(told.get(ticket)).toBe(actor)
    }
    const taker = told.get('TKT-001')
    const reason = 'taken over from ses-0: the lease was over'
    expect(fileOf('TKT-001.yaml').transition_log).toMatchObject([
      { to: 'claimed', agent: 'ses-0' },
      { to: 'claimed', agent: taker, reason },
      { to: 'done', agent: taker },
    ])
    expect(review).toMatchObject({
      ...{ tickets_completed: 7, acceptance_results: { passed: 12, failed: 0 } },
      audit_result: { audited_by: 'noor' },
      transition_stats: { takeovers: [{ ticket_id: 'TKT-001', by: taker, reason }] },
    })
    expect(readFileSync(join(cwd, '.tkt/bundles/B-001/review.md'), 'utf8')).toContain(reason)
    const history = readFileSync(join(cwd, '.tkt/history.log'), 'utf8')
    expect(history.match(/BUNDLE_\w+/g)).toEqual(
      ['CREATED', 'PUBLISHED', 'COLLECTED', 'CLOSED'].map((event) => `BUNDLE_${event}`),
    )
    expect(history).toContain(`ticket=TKT-001 status=claimed agent=${String(taker)} reason="${reason}"`)
    expect(git(cwd, 'log', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(5)
    expect(git(cwd, 'branch', '--list').trim()).toBe('* main')
  })

  test('closes the bundle, and the roadmap counts it', () => {
    expect(tkt(['status', 'B-001', '--limit', '50'], { cwd: project }).json).toMatchObject({
      ok: true,
      status: 'closed',
      counts: { done: 7 },
    })
    expect(tkt(['roadmap-status'], { cwd: project }).json).toMatchObject({
      ok: true,
      project: 'linkcheck',
      bundles: { total: 1, closed: 1 },
    })
  })

  test('leaves a merge on main, and neither worktree nor branch', () => {
    expect(git(project, 'log', '-1', '--format=%P', 'main').split(' ')).toHaveLength(2)
    expect(git(project, 'rev-parse', '--short', 'main')).toBe(played.json.merge_commit)
    expect(git(project, 'branch', '--list').trim()).toBe('* main')
    expect(existsSync(join(project, '.worktrees/B-001'))).toBe(false)
    expect(git(project, 'worktree', 'list').split('\n')).toHaveLength(1)
    expect(git(project, 'status', '--porcelain', '--', ':!.tkt')).toBe('')
  })

  test('has one commit a ticket, with the files of that ticket alone', () => {
    for (const ticket of WORKERS) {
      const [commit, ...others] = git(project, 'log', '--format=%H', `--grep=^${ticket}:`, 'main').split('\n')
      expect(others).toEqual([])
      const files = git(project, 'show', '--format=', '--name-only', commit ?? '').split('\n')
      const prepared = git(join(DEMO, '../..'), 'ls-files', `examples/work/${ticket}`)
        .split('\n')
        .map((path) => path.split('/').slice(3).join('/'))
        .filter((path) => path !== 'summary.txt' && path !== 'evidence.txt')
      expect(files.sort()).toEqual(prepared.sort())
    }
  })

  test("leaves a main on which the project's own tests pass", () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { status, stdout } = spawnSync(process.execPath, ['--test'], {
      cwd: project,
      env,
      encoding: 'utf8',
    })
    expect([status, stdout.includes('fail 0')]).toEqual([0, true])
  })

  test('writes a review in which all is done, proven and audited', () => {
    const review = parse(readFileSync(join(project, '.tkt/bundles/B-001/review.yaml'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(review).toMatchObject({
      tickets_completed: 7,
      tickets_failed: 0,
      acceptance_results: { passed: 12, failed: 0, failures: [] },
      audit_result: { audited_by: 'noor', evidence: expect.stringContaining('Score 4/5') as string },
      transition_stats: {
        ...{ total: 27, blocked_count: 1, reopened_count: 1 },
        takeovers: [
          { ticket_id: 'TKT-005', reason: expect.stringMatching(/^taken over from \w+: no sign/) as string },
        ],
      },
    })
    const evidence = review.evidence_summary as readonly {
      readonly ticket_id: string
      readonly evidence: string
    }[]
    expect(evidence.map(({ ticket_id }) => ticket_id)).toEqual(['TKT-000', ...WORKERS, 'TKT-A00'])
    expect(evidence.filter((row) => row.evidence.trim() === '')).toEqual([])
  })

  test('has its history in order', () => {
    const names = events.map(({ event }) => event)
    expect(names.slice(0, 7)).toEqual(['INIT', 'BUNDLE_CREATED', ...WORKERS.map(() => 'TICKET_ADDED')])
    expect(names.at(-1)).toBe('BUNDLE_CLOSED')
    const usual = ['TICKET_ADDED', 'TICKET_CLAIMED', 'TICKET_UPDATED in_progress', 'TICKET_UPDATED done']
    const blocked = ['TICKET_UPDATED in_progress', 'TICKET_UPDATED blocked', 'TICKET_CLAIMED']
    for (const ticket of ['TKT-001', 'TKT-002', 'TKT-004']) expect(eventsOf(ticket)).toEqual(usual)
    expect(eventsOf('TKT-003')).toEqual([...usual.slice(0, 2), ...blocked, ...usual.slice(2)])
    const lost = ['TICKET_UPDATED in_progress', 'TICKET_CLAIMED']
    expect(eventsOf('TKT-005')).toEqual([...usual.slice(0, 2), ...lost, ...usual.slice(2)])
    const audit = ['TICKET_CLAIMED', 'TICKET_UPDATED done']
    expect(eventsOf('TKT-A00')).toEqual([...audit, 'TICKET_REOPENED', ...audit])
  })

  test('lets exactly one agent win each ticket, and a second one only after a block or a death', () => {
    const claims = WORKERS.map((ticket) =>
      events.filter(({ event, fields }) => event === 'TICKET_CLAIMED' && fields.ticket === ticket),
    )
    expect(claims.map((own) => own.length)).toEqual([1, 1, 2, 1, 2])
    for (const [first, second] of [claims[2] ?? [], claims[4] ?? []]) {
      expect(second?.fields).toMatchObject({ taken_over_from: first?.fields.agent, claim_no: '2' })
      expect(second?.fields.agent).not.toBe(first?.fields.agent)
    }
    expect(played.json).toMatchObject({ claims_won: 5, claims_refused: 15 })
  })

  test('is short enough to be watched, plain in a log, and leaves nothing behind', () => {
    const place = join(base, 'second')
    const { status, stderr, lines, json } = play(place, [], {
      DATABASE_URL: 'postgres://127.0.0.1:1/another',
    })
    expect([status, stderr, json.ok]).toEqual([0, '', true])
    expect(lines.length).toBeGreaterThan(60)
    expect(lines.length).toBeLessThanOrEqual(190)
    expect(lines.join('\n')).not.toContain('\u001b')
    expect(lines.join('\n')).toContain(join(place, 'tkt-demo-'))
    expect(leftIn(place)).toEqual([])
  })

  test('stops at the step that fails, with exit code 1 and its answer', () => {
    const place = join(base, 'third')
    const { status, json } = play(place, ['--quiet'], { PATH: '' })
    expect(status).toBe(1)
    expect(json).toMatchObject({ ok: false, command: expect.stringMatching(/^git init /) as string })
    expect(json.answer).toMatchObject({ exit_code: 'spawn git ENOENT' })
    expect(leftIn(place)).toEqual([])
  })
})
