/** Acceptance commands that misbehave: close always answers on one line, tells the truth, and leaves nothing running. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, startBundle, type Fields, type Project } from '../support/bundles.ts'
import { DIST, tkt, tktAsync, type Ended } from '../support/tkt.ts'
import { currentOwner, ownerState } from '../../src/system/owner.ts'

const CONFIG =
  'ticket: { lock_timeout: 0 }\nacceptance: { timeout_seconds: 2 }\nclose_gate: { timeout_seconds: 2 }\n'

const withGate = (command: string): string =>
  CONFIG.replace('close_gate: {', () => `close_gate: { command: ${command},`)

/** B-001 with one worker for each command, everything done. */
async function startWith(...commands: readonly (string | Fields)[]): Promise<Project> {
  const project = await startBundle(0, { 'config/tkt.yaml': CONFIG })
  for (const [index, command] of commands.entries()) {
    const acceptance = JSON.stringify(
      typeof command === 'string' ? { type: 'command', run: command } : command,
    )
    await project.ok('add', { bundle: 'B-001', title: `Part ${index + 1}`, acceptance: [acceptance] })
  }
  await finishAll(project)
  return project
}

function close(project: Project, ...words: readonly string[]): Ended {
  const ended = tkt(['close', 'B-001', ...words], { cwd: project.root })
  expect(ended.stdout.split('\n')).toEqual([expect.stringMatching(/^\{"ok":(true|false),/), ''])
  expect(ended.stderr).toBe('')
  const names = existsSync(project.root) ? readdirSync(project.root) : []
  for (const name of names.filter((file) => file.startsWith('pid-'))) expectGone(project, name)
  return ended
}

/** Whoever wrote its number into this file does not run any more. */
function expectGone(project: Project, name: string): void {
  const pid = Number(readFileSync(join(project.root, name), 'utf8'))
  expect(pid).toBeGreaterThan(1)
  expect([name, ownerState({ ...currentOwner(), pid, started: '' }, currentOwner())]).toEqual([name, 'gone'])
}

const self = `"${process.execPath}" "${DIST}"`

const FAILING: readonly (readonly [why: string, run: string | Fields, reason: RegExp])[] = [
  ['hangs', 'echo $$ > pid-1; sleep 1000', /^timed out$/],
  [
    'hangs and does not listen',
    `trap "" TERM INT HUP; echo $$ > pid-1; while :; do sleep 1000; done`,
    /^timed out$/,
  ],
  ['hangs in the background with its output open', 'echo $$ > pid-1; sleep 1000 & wait', /^timed out$/],
  ['waits for input', 'read line', /^exit code 1, expected 0$/],
  ['kills its shell', 'kill -9 $$', /^killed by SIGKILL$/],
  ['kills its group', 'echo $$ > pid-1; kill -9 0', /^killed by SIGKILL$/],
  ['kills its parent', 'kill -9 $PPID; sleep 1000', /^killed by SIGKILL$/],
  [
    'kills its parent’s group',
    'kill -9 -$(ps -o pgid= $PPID | tr -d " "); sleep 1000',
    /^killed by SIGKILL$/,
  ],
  ['ends by a signal', 'kill -TERM $$', /exit code 143|SIGTERM/],
  [
    'fills standard error',
    'head -c 20000000 /dev/zero | tr "\\0" e >&2; exit 3',
    /^exit code 3, expected 0$/,
  ],
  ['prints no text', `printf '\\377\\376\\000\\033[31m\\r\\n\\302'; exit 4`, /^exit code 4, expected 0$/],
  [
    'prints what looks like an answer',
    `echo '{"ok":true,"closed":true}'; echo '{"ok":true}' >&2; exit 1`,
    /^exit code 1/,
  ],
  ['cannot be found', 'no-such-program-anywhere', /^exit code 127, expected 0$/],
  ['is no shell', 'if then fi ((', /^exit code \d+, expected 0$/],
  [
    'prints something else',
    { type: 'command', run: 'echo no', expect_contains: 'yes' },
    /^output lacks "yes"$/,
  ],
  [
    'works when it should not',
    { type: 'command', run: 'true', expect_exit_code: 1 },
    /^exit code 0, expected 1$/,
  ],
]

describe('a command that', () => {
  test.each(FAILING)('%s has failed, and is carried over with the reason', async (_, run, reason) => {
    const project = await startWith(run, 'echo fine')
    const { code, json } = close(project)
    expect([code, json]).toMatchObject([0, { closed: true, done: 4, carryover_count: 1 }])
    const { acceptance_results } = project.yaml('.tkt/bundles/B-001/review.yaml')
    expect(acceptance_results).toMatchObject({ passed: 1, failed: 1 })
    const { carryover } = project.yaml('.tkt/bundles/B-001/carryover.yaml')
    expect(carryover).toMatchObject([
      {
        ticket_id: 'TKT-001',
        failed_criteria: [{ criterion_index: 1, reason: expect.stringMatching(reason) as string }],
      },
    ])
  })

  const PASSING: readonly (readonly [why: string, run: string | Fields])[] = [
    [
      'prints 200 MB',
      {
        type: 'command',
        run: 'yes 0123456789 | head -c 200000000; echo; echo the end',
        expect_contains: '\nthe end',
      },
    ],
    [
      'leaves children behind',
      'sleep 1000 & echo $! > pid-1; (sleep 1000 & echo $! > pid-2) & sh -c "sleep 1000 & echo \\$! > pid-3"; wait %2',
    ],
    [
      'leaves a child with its output open',
      'sh -c "echo \\$\\$ > pid-1; exec sleep 1000" & while ! test -s pid-1; do :; done',
    ],
    ['asks for input', 'test -z "$(cat)"'],
    ['removes the folder it stands in', 'mkdir sub && cd sub && rmdir ../sub && true'],
    [
      'asks for the state of the bundle',
      `${self} status B-001 && ${self} list && ${self} close B-001 --dry-run`,
    ],
    [
      'closes its own bundle, which has to wait',
      { type: 'command', run: `${self} close B-001`, expect_exit_code: 6, expect_contains: 'LOCK_TIMEOUT' },
    ],
  ]
  test.each(PASSING)('%s is no trouble', async (_, run) => {
    const project = await startWith(run)
    expect(close(project).json).toMatchObject({ ok: true, closed: true, carryover_count: 0 })
    expect(project.yaml('.tkt/bundles/B-001/review.yaml').acceptance_results).toMatchObject({
      passed: 1,
      failed: 0,
    })
    expect(project.has('.tkt/bundles/B-001/carryover.yaml')).toBe(false)
  })

  test.each([
    [
      'a gate',
      {
        'config/tkt.yaml': withGate('"echo $$ > pid-1; sleep 1000"'),
      },
      'CLOSE_GATE_FAILED',
    ],
    [
      'a structural check',
      { 'spec/validate_repo_structural.sh': 'echo $$ > pid-1; sleep 1000\n' },
      'STRUCTURE_INVALID',
    ],
  ])('%s that hangs keeps the bundle open', async (_, files, error) => {
    const project = await startWith('true')
    project.write(files)
    expect(close(project)).toMatchObject({ code: 5, json: { error } })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
  })
})

describe('a command that changes what is judged', () => {
  test.each([
    ['a ticket is added', `${self} add B-001 "One more"`],
    ['a ticket is reopened', `${self} reopen B-001 TKT-001 --reason "not done"`],
    ['a ticket is edited by hand', `echo '# note' >> .tkt/bundles/B-001/TKT-001.yaml`],
    ['a ticket is removed', 'rm .tkt/bundles/B-001/TKT-001.yaml'],
    ['the bundle is removed', 'rm -r .tkt/bundles/B-001'],
    ['the store is removed', 'rm -r .tkt'],
    ['the project is removed', 'rm -rf "$PWD"'],
  ])('%s: it stays, and the bundle is not closed', async (_, run) => {
    const project = await startWith(run)
    const { code, json } = close(project, '--no-memory')
    expect([json.ok, [3, 4].includes(code ?? 0)], JSON.stringify(json)).toEqual([false, true])
    if (project.has('.tkt/bundles/B-001/bundle.yaml')) {
      expect(json.error).toBe('CHANGED_MEANWHILE')
      expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    }
    expect(project.has('.tkt/bundles/B-001/review.yaml')).toBe(false)
    expect(project.has('.tkt')).toBe(!/rm -rf? (\.tkt|"\$PWD")$/.test(run))
  })

  test('from outside, while it runs: status works, the change wins, the close says so, and works the second time', async () => {
    const project = await startWith('echo started > fifo-1; read go < fifo-2')
    for (const name of ['fifo-1', 'fifo-2']) spawnSync('mkfifo', [join(project.root, name)])
    const closing = tktAsync(['close', 'B-001'], { cwd: project.root })
    spawnSync('cat', ['fifo-1'], { cwd: project.root })
    expect(tkt(['status', 'B-001'], { cwd: project.root }).json).toMatchObject({
      ok: true,
      status: 'in_progress',
    })
    expect(tkt(['reopen', 'B-001', 'TKT-001', '--reason', 'r'], { cwd: project.root }).json.ok).toBe(true)
    expect(
      tkt(['update', 'B-001', 'TKT-001', 'done', '--evidence', 'again', '--agent', 'alice'], {
        cwd: project.root,
      }).json.ok,
    ).toBe(true)
    spawnSync('sh', ['-c', 'echo go > fifo-2'], { cwd: project.root })
    expect((await closing).json).toMatchObject({ error: 'CHANGED_MEANWHILE' })
    const again = tktAsync(['close', 'B-001'], { cwd: project.root })
    spawnSync('cat', ['fifo-1'], { cwd: project.root })
    spawnSync('sh', ['-c', 'echo go > fifo-2'], { cwd: project.root })
    expect((await again).json).toMatchObject({ closed: true })
  })
})

test('commands in tickets and in the config run when a bundle is closed, and at no other time', async () => {
  const project = await startWith('touch ran-acceptance')
  project.write({
    'config/tkt.yaml': withGate('touch ran-gate'),
    'spec/validate_repo_structural.sh': 'touch ran-check\n',
  })
  const ran = (): readonly string[] => readdirSync(project.root).filter((name) => name.startsWith('ran-'))
  const words = [
    ['status', 'B-001'],
    ['list'],
    ['show', 'B-001', 'TKT-001'],
    ['history'],
    ['close', 'B-001', '--dry-run'],
    ['roadmap-status'],
    ['add', 'B-001', 'New', '--run', 'touch ran-add'],
    ['update', 'B-001', 'TKT-002', 'failed'],
  ]
  for (const command of words)
    expect([command, tkt(command, { cwd: project.root }).code, ran()]).toEqual([command, 0, []])
  expect(close(project).json).toMatchObject({ closed: true })
  expect(ran()).toEqual(['ran-acceptance', 'ran-add', 'ran-check', 'ran-gate'])
  for (const command of [
    ['generate-review', 'B-001'],
    ['close', 'B-001'],
    ['create-bundle', '--goal', 'g', '--carryover', 'B-001'],
  ]) {
    spawnSync('sh', ['-c', 'rm -f ran-*'], { cwd: project.root })
    expect([command, tkt(command, { cwd: project.root }).code, ran()]).toEqual([command, 0, []])
  }
  expect(existsSync(join(project.root, '.tkt/bundles/B-002'))).toBe(true)
})
