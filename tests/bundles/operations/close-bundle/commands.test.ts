import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectRefusal,
  finishAll,
  startBundle,
  type Fields,
  type Project,
  at,
} from '../../../support/bundles.ts'
import { hasPython } from '../../../support/published.ts'

const B = { bundle: 'B-001' }
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })
const failuresOf = (project: Project): readonly Fields[] =>
  at(project.yaml('.tkt/bundles/B-001/review.yaml'), 'acceptance_results.failures') as readonly Fields[]

async function ready(
  run: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
  more: Fields = {},
): Promise<Project> {
  const project = await startBundle(0, files)
  await project.ok('add', { ...B, title: 'a', run, ...more })
  await finishAll(project)
  return project
}

const SCRIPTS = [
  ['py', 'import sys\nprint("line 7 is wrong")\nsys.exit(1)\n'],
  ['sh', 'echo "line 7 is wrong" >&2\nexit 1\n'],
  ['mjs', 'console.log("line 7 is wrong")\nprocess.exitCode = 1\n'],
] as const

describe('the structural check', () => {
  for (const [extension, script] of SCRIPTS) {
    const name = `validate_repo_structural.${extension}`
    test.skipIf(extension === 'py' && !hasPython)(
      `is ${name} of the project, and its output is told`,
      async () => {
        const project = await ready([], { [`spec/${name}`]: script })
        const answer = await close(project)
        expectRefusal(
          answer,
          'STRUCTURE_INVALID',
          'SK-TKT-032',
          /validate_repo_structural\.\w+ ended with exit code 1/,
        )
        expect(at(answer, 'details.failures.0.details.output')).toContain('line 7 is wrong')
        expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
        project.write({ [`spec/${name}`]: extension === 'sh' ? 'test -d .tkt\n' : '' })
        await project.ok('close-bundle', B)
      },
    )
  }

  test('without a script looks at the files of the bundle', async () => {
    const project = await ready()
    const path = '.tkt/bundles/B-001/TKT-001.yaml'
    project.write({ [path]: project.text(path).replace('wave: null', 'wave: soon') })
    expectRefusal(await close(project), 'STRUCTURE_INVALID', 'SK-TKT-032', /TKT-001\.yaml: wave/)
  })

  test('tells of other bundles that cannot be read, and closes all the same', async () => {
    const project = await ready()
    project.write({ '.tkt/bundles/B-006/bundle.yaml': 'title: "half\n' })
    expect(await close(project)).toMatchObject({
      closed: true,
      warnings: [expect.stringMatching(/B-006.*line \d/)],
    })
  })

  test('can be switched off', async () => {
    const project = await ready([], {
      'spec/validate_repo_structural.sh': 'exit 1\n',
      'config/tkt.yaml': 'enforcement: {run_structural: false}\n',
    })
    await project.ok('close-bundle', B)
  })
})

describe('the close gate', () => {
  test('runs in the project, and refuses with its output', async () => {
    const project = await ready([], {
      'config/tkt.yaml': 'close_gate:\n  command: "pwd; echo broken; exit 7"\n',
    })
    const answer = await close(project)
    expectRefusal(answer, 'CLOSE_GATE_FAILED', 'SK-TKT-033', /exit code 7/)
    expect(at(answer, 'details.failures.0.details.output')).toBe(`${project.root}\nbroken\n`)
  })

  test.each([
    ['no command', 'close_gate: {command: null}\n'],
    ['an empty command', 'close_gate: {command: ""}\n'],
    ['enabled: false', 'close_gate: {enabled: false, command: "exit 1"}\n'],
    ['an empty file', ''],
  ])('is no gate with %s', async (_, config) => {
    const project = await ready([], { 'config/tkt.yaml': config })
    await project.ok('close-bundle', B)
  })

  test('has a time limit', async () => {
    const project = await ready([], {
      'config/tkt.yaml': 'close_gate: {command: sleep 60, timeout_seconds: 1}\n',
    })
    expectRefusal(await close(project), 'CLOSE_GATE_FAILED', 'SK-TKT-033', /ran into its time limit/)
  })

  test('does not see where git or a test runner around us work', async () => {
    const project = await ready([], {
      'config/tkt.yaml': 'close_gate: {command: \'test -z "$GIT_DIR$NODE_TEST_CONTEXT"\'}\n',
    })
    project.world.environment.GIT_DIR = '/elsewhere'
    project.world.environment.NODE_TEST_CONTEXT = 'child'
    await project.ok('close-bundle', B)
  })
})

describe('acceptance commands', () => {
  test.each([
    ['an exit code that is not 0', 'exit 3', 'exit code 3, expected 0'],
    ['a command there is not', 'no-such-command-here', 'exit code 127, expected 0'],
    ['a shell that ends itself', 'kill -9 $$', 'killed by SIGKILL'],
  ])('that fail do not stop the close: %s', async (_, run, reason) => {
    const project = await ready([run, 'true'])
    expect(await close(project)).toMatchObject({ closed: true, done: 3, failed: 0, carryover_count: 1 })
    expect(failuresOf(project)).toMatchObject([{ ticket_id: 'TKT-001', criterion_index: 1, run, reason }])
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml').status).toBe('done')
  })

  test.each([
    ['the exit code that is expected', '{type: command, run: "exit 4", expect_exit_code: 4}', 0],
    ['words on standard output', '{type: command, run: "echo all green", expect_contains: "green"}', 0],
    ['words on standard error', '{type: command, run: "echo green >&2", expect_contains: "green"}', 0],
    ['words that are not printed', '{type: command, run: "echo red", expect_contains: "green"}', 1],
    ['another exit code than expected', '{type: command, run: "true", expect_exit_code: 4}', 1],
  ])('are judged by %s', async (_, acceptance, failed) => {
    const project = await ready([], {}, { acceptance })
    expect(await close(project)).toMatchObject({ carryover_count: failed })
  })

  test('run in the project, with the ticket and its criterion in the environment, and nothing to read', async () => {
    const project = await ready([
      'test "$TKT_TICKET/$TKT_CRITERION" = TKT-001/1',
      'cat',
      'test -d .tkt && pwd > where',
    ])
    expect(await close(project)).toMatchObject({ carryover_count: 0 })
    expect(project.text('where').trim()).toBe(project.root)
  })

  test('have a time limit', async () => {
    const project = await ready(['sleep 60'], { 'config/tkt.yaml': 'acceptance: {timeout_seconds: 1}\n' })
    await project.ok('close-bundle', B)
    expect(failuresOf(project)).toMatchObject([{ reason: 'timed out' }])
  })

  test('may print as much as they like: the end of it is kept', async () => {
    const project = await ready(['head -c 3000000 /dev/zero | tr "\\0" x; echo the end; exit 1'])
    await project.ok('close-bundle', B)
    const [failure] = failuresOf(project)
    expect(failure?.stdout).toMatch(/the end\n$/)
    expect((failure?.stdout as string).length).toBeLessThan(20_000)
  })

  test('written by hand without a command fail, and say so', async () => {
    const project = await ready(['true'])
    const path = '.tkt/bundles/B-001/TKT-001.yaml'
    project.write({ [path]: project.text(path).replace('run: "true"', 'run: ""') })
    expect(await close(project)).toMatchObject({ carryover_count: 1 })
    expect(failuresOf(project)).toMatchObject([{ reason: 'run is empty' }])
  })

  test('are not run while another gate refuses, but with --strict all is told at once', async () => {
    const project = await ready(['touch ran; exit 1'], {
      'config/tkt.yaml': 'close_gate: {command: exit 1}\n',
    })
    expectRefusal(await close(project), 'CLOSE_GATE_FAILED', 'SK-TKT-033')
    expect(existsSync(join(project.root, 'ran'))).toBe(false)
    const strict = await close(project, { strict: true })
    expect(at(strict, 'details.failures')).toMatchObject([{ gate: 'close-gate' }, { gate: 'acceptance' }])
  })

  test('with --strict refuse the close', async () => {
    const project = await ready(['exit 1'])
    expectRefusal(
      await close(project, { strict: true }),
      'ACCEPTANCE_FAILED',
      'SK-TKT-034',
      /TKT-001: `exit 1`: exit code 1/,
    )
    expect(project.has('.tkt/bundles/B-001/review.yaml')).toBe(false)
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
  })

  test('that change the bundle they judge are found out, and nothing is closed', async () => {
    const project = await ready(['echo "# changed" >> .tkt/bundles/B-001/TKT-001.yaml'])
    expectRefusal(await close(project), 'CHANGED_MEANWHILE', 'SK-TKT-041', /B-001 was changed while/)
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    expect(project.has('.tkt/bundles/B-001/review.yaml')).toBe(false)
  })

  test('are watched: each that ended is told to who waits', async () => {
    const project = await ready(['true', 'exit 1'])
    await project.ok('close-bundle', B)
    expect(project.world.progress).toEqual([
      expect.stringMatching(/^\[1\/2\] TKT-001 /),
      expect.stringMatching(/^\[2\/2\] TKT-001 /),
    ])
  })
})
