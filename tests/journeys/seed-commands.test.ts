import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitProject } from '../support/project.ts'
import { skillFolder } from '../support/skill-folder.ts'

const TKT = 'bash "<this-skill-dir>/scripts/tkt.sh"'
const TICKETS = 'python3 "<this-skill-dir>/scripts/tickets.py"'

/** The commands of the seed document, letter by letter. */
const PRINTED = {
  init: `${TKT} init-roadmap --project "<name>"`,
  create: `${TKT} create-bundle --goal "<goal>" [--track "<name>"] [--source-plan "<file>"] [--worktree] [--carryover B-001]`,
  claim: `${TKT} claim --bundle B-001 --ticket TKT-001 --agent "<agent-id>"`,
  done: `${TKT} update --bundle B-001 --ticket TKT-001 --status done --summary "<result>" --evidence "<proof>"`,
  blocked: `${TKT} update --bundle B-001 --ticket TKT-001 --status blocked --reason "<why blocked>"`,
  add: `${TKT} add --bundle B-001 --type worker --title "<title>" --description "<desc>" [--skills "skill-a,skill-b"] [--wave 2] [--qa-scenarios "run pytest,inspect output"]`,
  status: `${TKT} status --bundle B-001`,
  close: `${TKT} close --bundle B-001 [--merge] [--no-memory]`,
  express: `${TKT} express close EXP-001 --evidence "<proof>"`,
  list: `${TKT} list`,
  activate: `${TKT} roadmap-transition --stage active --reason "bundles created"`,
  finish: `${TKT} roadmap-transition --stage done --reason "all goals met" [--force]`,
  roadmap: `${TKT} roadmap-status`,
} as const

const DURABLE = [
  'intake-ticket --from-note-tasks',
  'intake-ticket --ticket-id TKT-001 --title "..." --summary "..."',
  'list-tickets [--unresolved-only] [--batch-id BATCH-001]',
  'claim-ticket --ticket-id TKT-001 [--session-id ses_xxx]',
  'block-ticket --ticket-id TKT-001 [--reason "blocker"]',
  'close-ticket [--ticket-id TKT-001] --session-id ses_xxx',
  'check-open-tickets [--session-id ses_xxx]',
  'claim-summary [--session-id ses_xxx] [--batch-id BATCH-001]',
  'session-loop --session-id ses_xxx [--batch-id BATCH-001]',
  'refresh-new-tasks [--batch-id BATCH-001]',
  'refresh-review-inbox [--batch-id BATCH-001]',
  'startup-flow [--session-id ses_xxx]',
  'integrator-closure-report --session-id ses_xxx',
  'check-ticket-scope --ticket-id TKT-001',
]

const FILLED: Readonly<Record<string, string>> = {
  name: "Ada's project",
  goal: 'Ship the URL shortener: fast & small',
  file: 'plan.md',
  'agent-id': 'team/alice',
  result: 'Counts (all) hits',
  proof: 'node --test: 3 pass',
  'why blocked': 'no staging database; asked #ops',
  title: 'Count the hits',
  desc: 'One row an hour - no more',
}

/** How the published tool writes the lists of a new ticket. */
const LISTS = `skills:
  - "skill-a"
  - "skill-b"
wave: 2
qa_scenarios:
  - "run pytest"
  - "inspect output"
`

type Options = 'with options' | 'bare'

interface Said {
  readonly code: number | null
  readonly json: Readonly<Record<string, unknown>>
}

/** Runs printed lines in a project as a reader would: filled in, and pasted into a shell. */
function shellIn(project: string) {
  const skill = skillFolder('the package', join(project, 'some skills'))
  const filled: typeof FILLED = { ...FILLED, 'this-skill-dir': skill }
  return (line: string, options: Options = 'bare'): Said => {
    const chosen = line.replace(/ \[([^\]]*)\]/g, options === 'bare' ? '' : ' $1')
    const command = chosen.replace(/<([^>]+)>/g, (placeholder, name: string) => filled[name] ?? placeholder)
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: project, encoding: 'utf8' })
    const oneLine: unknown = expect.stringMatching(/^\{.*\}\n$/)
    expect({ command, stdout, stderr }).toEqual({ command, stdout: oneLine, stderr: '' })
    return { code: status, json: JSON.parse(stdout) as Said['json'] }
  }
}

/** The same for lines that must succeed with this answer. */
const sayingIn =
  (shell: ReturnType<typeof shellIn>) =>
  (line: string, answer: Said['json'] = {}, options: Options = 'bare'): void => {
    expect({ line, ...shell(line, options) }).toMatchObject({ line, code: 0, json: { ok: true, ...answer } })
  }

describe('every bundle command of the seed document works as printed', () => {
  test('from the roadmap to a closed bundle, and the next one', () => {
    const project = gitProject({ 'plan.md': '# Later\n\n- [ ] Show the counts\n' })
    const bundle = join(project, '.tkt/bundles/B-001')
    const shell = shellIn(project)
    const said = sayingIn(shell)

    said(PRINTED.init, { roadmap_path: join(project, '.tkt/roadmap.yaml'), project: FILLED.name })
    said(PRINTED.create, { bundle_id: 'B-001', path: bundle, tickets: ['TKT-000', 'TKT-A00'] })
    said(PRINTED.add, { ticket_id: 'TKT-001', bundle: 'B-001' }, 'with options')
    expect(readFileSync(join(bundle, 'TKT-001.yaml'), 'utf8')).toContain(LISTS)
    said(PRINTED.claim, { claimed: true, ticket: 'TKT-001', role: 'worker', agent: 'team/alice' })
    said(PRINTED.blocked, { ticket_id: 'TKT-001', new_status: 'blocked' })
    said(PRINTED.claim, { claimed: true })
    said(PRINTED.done, { ticket_id: 'TKT-001', new_status: 'done' })
    const log = ['claimed', 'blocked', 'claimed', 'done'].map((to) => ({ to, agent: 'team/alice' }))
    const worker = { id: 'TKT-001', type: 'worker', status: 'done', title: FILLED.title, transition_log: log }
    said(PRINTED.status, { bundle: 'B-001', tickets: [{ id: 'TKT-000' }, worker, { id: 'TKT-A00' }] })

    const refusal = { ok: false, status: 'error', error_code: 'SK-TKT-012' }
    expect(shell(PRINTED.close)).toMatchObject({ code: 5, json: refusal })
    said(`${TKT} add --bundle B-001 --title "Will not hold" --run false`, { ticket_id: 'TKT-002' })
    said(`${TKT} update --bundle B-001 --ticket TKT-002 --status done --evidence "<proof>"`)
    said(`${TKT} claim --bundle B-001 --ticket TKT-A00 --agent bob`, { role: 'audit' })
    said(`${TKT} update --bundle B-001 --ticket TKT-A00 --status done --evidence "<proof>"`)
    const closed = {
      closed: true,
      bundle: 'B-001',
      review_path: join(bundle, 'review.yaml'),
      done: 4,
      failed: 0,
    }
    said(PRINTED.close, { ...closed, carryover_count: 1 }, 'with options')
    said(PRINTED.close, { ...closed, carryover_count: 1, already_closed: true })

    const tickets = ['TKT-000', 'TKT-A00', 'TKT-001', 'TKT-002']
    said(PRINTED.create, { bundle_id: 'B-002', worktree: '.worktrees/B-002', tickets }, 'with options')
    said(PRINTED.list, {
      bundles: [
        { id: 'B-002', status: 'open' },
        { id: 'B-001', status: 'closed' },
      ],
    })
  })

  test('small work, and the stages of the roadmap', () => {
    const shell = shellIn(gitProject())
    const said = sayingIn(shell)

    said(PRINTED.init)
    said(`${TKT} express --title "<title>" --acceptance "it counts"`, {
      ticket_id: 'EXP-001',
      status: 'open',
    })
    said(PRINTED.express, { closed: true, ticket_id: 'EXP-001', status: 'done' })
    expect(shell(PRINTED.activate)).toMatchObject({ code: 5, json: { error_code: 'SK-TKT-025' } })
    said(PRINTED.create)
    said(PRINTED.activate, { transition: 'planning→active', new_stage: 'active', gated: true })
    expect(shell(PRINTED.finish)).toMatchObject({ code: 5, json: { error_code: 'SK-TKT-023' } })
    said(PRINTED.finish, { transition: 'active→done', new_stage: 'done', gated: false }, 'with options')
    said(PRINTED.roadmap, { project: FILLED.name, stage: 'done', allowed_transitions: ['archived'] })
  })
})

describe('tickets.py', () => {
  test('is the same program', () => {
    const shell = shellIn(gitProject())
    expect(shell(`${TICKETS} --version`)).toEqual(shell(`${TKT} --version`))
    expect(shell(`${TICKETS} init-roadmap --project "<name>"`)).toMatchObject({
      code: 0,
      json: { project: FILLED.name },
    })
  })

  test.each(DURABLE)('answers %s in one line of JSON', (words) => {
    const { code, json } = shellIn(gitProject())(`${TICKETS} ${words}`, 'with options')
    expect([0, 2, 3, 4, 5, 6]).toContain(code)
    expect(json.ok).toBe(code === 0)
  })
})
