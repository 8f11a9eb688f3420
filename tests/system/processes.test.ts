import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  runCommand,
  runProgram,
  type CommandOutcome,
  type CommandRequest,
} from '../../src/system/processes.ts'

describe('how a command ended', () => {
  test('the exit code is told', async () => {
    expect(await run('exit 0')).toMatchObject({ ended: 'exited', exit_code: 0, stdout: '', stderr: '' })
    expect(await run('echo out; echo err >&2; exit 7')).toMatchObject({
      ended: 'exited',
      exit_code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
      output_bytes: 8,
    })
    expect(await run('no-such-program-at-all')).toMatchObject({ ended: 'exited', exit_code: 127 })
  })

  test('quotes, dollars and newlines reach the shell as they are written', async () => {
    const outcome = await run(`x='a "b" $c'\necho "$x" '%s' \\$0`)
    expect(outcome).toMatchObject({ exit_code: 0, stdout: 'a "b" $c %s $0\n' })
  })

  test('bash is used where asked for, and sh where there is no bash', async () => {
    expect(await run('echo "${BASH_VERSION:+bash}"', { shell: 'bash' })).toMatchObject({ stdout: 'bash\n' })
    const environment = { PATH: '/nonexistent' }
    expect(await run('echo "${BASH_VERSION:+bash}" fallen', { shell: 'bash', environment })).toMatchObject({
      exit_code: 0,
      stdout: expect.stringContaining('fallen') as string,
    })
  })

  test('only the environment given is passed, in the directory given', async () => {
    const directory = makeFolder()
    const environment = { PATH: process.env.PATH, ONLY: 'this one', ABSENT: undefined }
    const outcome = await run('pwd; echo "$ONLY/$HOME/${ABSENT-none}"', { directory, environment })
    expect(outcome.stdout).toBe(`${directory}\nthis one//none\n`)
  })

  test('stdin is empty', async () => {
    expect(await run('cat; echo read')).toMatchObject({ exit_code: 0, stdout: 'read\n' })
  })

  test.each<[string, Partial<CommandRequest>]>([
    ['a missing directory', { directory: '/nonexistent/folder' }],
    ['a command that cannot be an argument', { command: 'echo \0' }],
    ['a command too long for the system', { command: `: ${'x'.repeat(3_000_000)}` }],
  ])('%s is told as not started', async (_title, request) => {
    const outcome = await run('true', request)
    expect(outcome).toMatchObject({ ended: 'not_started', stdout: '', stderr: '', output_bytes: 0 })
    expect(outcome.problem).toMatch(/./)
    expect(outcome).not.toHaveProperty('exit_code')
  })
})

describe('a command that attacks', () => {
  test.each([
    ['its group', 'kill -9 0; sleep 30'],
    ['the group of its parent', 'kill -9 -$PPID; sleep 30'],
    ['the group of its parent, spelled out', 'env kill -9 -- -$PPID; sleep 30'],
    ['its parent', 'kill -9 $PPID; sleep 30'],
    ['itself', 'kill -9 $$'],
  ])('%s kills only itself', async (_title, command) => {
    expect(await run(command)).toMatchObject({ ended: 'killed', signal: 'SIGKILL' })
    expect(await run(command, { shell: 'bash' })).toMatchObject({ ended: 'killed', signal: 'SIGKILL' })
  })

  test('its parent is never this process', async () => {
    const outcome = await run('echo $PPID')
    expect(Number(outcome.stdout)).toBeGreaterThan(1)
    expect(Number(outcome.stdout)).not.toBe(process.pid)
  })

  test('a signal that ends the outer shell is named', async () => {
    expect(await run('kill -TERM $PPID; sleep 30')).toMatchObject({ ended: 'killed', signal: 'SIGTERM' })
  })
})

describe('time', () => {
  test('a hanging command times out and its grandchildren are gone', async () => {
    const outcome = await run('sh -c "echo \\$\\$; sleep 1000; true" & echo $$; wait', { timeout_ms: 300 })
    expect(outcome).toMatchObject({ ended: 'timed_out' })
    expect(outcome).not.toHaveProperty('exit_code')
    await expectGone(outcome, 2)
  })

  test('a command that ignores the polite signal is killed', async () => {
    const outcome = await run("trap '' TERM; echo $$; while :; do sleep 1; done", { timeout_ms: 200 })
    expect(outcome).toMatchObject({ ended: 'timed_out' })
    await expectGone(outcome, 1)
  })

  test('a command may tidy up after the polite signal', async () => {
    const command = "trap 'sleep 0.3; echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    expect(await run(command, { timeout_ms: 300 })).toMatchObject({
      ended: 'timed_out',
      stdout: 'ready\ntidied\n',
    })
  })

  test('a child that went into a group of its own is ended too', async (context) => {
    if (process.platform !== 'linux') context.skip()
    const outcome = await run("timeout 1000 sh -c 'echo $$; sleep 1000; true'; true", { timeout_ms: 300 })
    expect(outcome).toMatchObject({ ended: 'timed_out' })
    await expectGone(outcome, 1)
  })
})

describe('what a command leaves running', () => {
  test.each([
    ['holding the pipes', 'sleep 1000 & echo $!; exit 3'],
    ['not holding them', 'sleep 1000 >/dev/null 2>&1 & echo $!; exit 3'],
    ['deaf to the polite signal', "(trap '' TERM; sleep 1000) & echo $!; exit 3"],
    ['printing without end', 'while :; do echo; done & echo $! >&2; exit 3'],
  ])('a background child %s neither hangs us nor survives', async (_title, command) => {
    const outcome = await run(command)
    expect(outcome).toMatchObject({ ended: 'exited', exit_code: 3 })
    await expectGone(outcome, 1)
  })

  test('a child in a session of its own does not hang us', async (context) => {
    if (process.platform !== 'linux') context.skip()
    const outcome = await run("setsid sh -c 'echo $$; exec sleep 20' & sleep 0.2; exit 4")
    expect(outcome).toMatchObject({ ended: 'exited', exit_code: 4 })
    process.kill(Number(outcome.stdout), 'SIGKILL')
  })

  test('a command ends with this process when that is interrupted', async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../src/system/processes.ts'))
    const script = `import { runCommand } from ${module}
      await runCommand({ command: 'echo $$ > pid; sleep 1000', shell: 'sh', directory: '.',
        environment: { PATH: process.env.PATH }, timeout_ms: 60000 })`
    const directory = makeFolder()
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: directory })
    const pid = await vi.waitFor(
      () => fs.readFileSync(join(directory, 'pid'), 'utf8').trim() || expect.fail(),
    )
    child.kill('SIGINT')
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' })
    await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), { timeout: 5000 })
  })

  test('no listener for signals stays behind', async () => {
    const before = process.listenerCount('SIGINT')
    await Promise.all([run('true'), run('exit 1'), run('kill -9 $$')])
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})

describe('output', () => {
  test('of 200 MB only the tail is kept, in flat memory', async () => {
    const before = process.memoryUsage().rss
    let peak = before
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
    const command = "head -c 209715200 /dev/zero | tr '\\0' 'x'; printf 'the end'"
    const outcome = await run(command, { find: 'xthe end' })
    clearInterval(watch)
    peak = Math.max(peak, process.memoryUsage().rss)
    expect(outcome).toMatchObject({ exit_code: 0, output_bytes: 209_715_207, contains: true })
    expect(outcome.stdout).toBe(`…${'x'.repeat(3993)}the end`)
    expect(peak - before).toBeLessThan(120 * 1024 * 1024)
  })

  test('a character written in two pieces is whole', async () => {
    const { stdout, contains } = await run("printf '\\303'; sleep 0.1; printf '\\274'", { find: 'ü' })
    expect({ stdout, contains }).toEqual({ stdout: 'ü', contains: true })
  })
})

describe('find', () => {
  test('a text is found across the end of stdout and the start of stderr', async () => {
    const command = 'printf right >&2; printf left'
    expect(await run(command, { find: 'leftright' })).toMatchObject({ contains: true })
    expect(await run(command, { find: 'rightleft' })).toMatchObject({ contains: false })
  })
})

describe('a program', () => {
  test('takes its arguments untouched by any shell', async () => {
    const args = ['-e', 'console.log(process.argv.slice(1).join("|"))', '$HOME', 'a b', '"']
    const outcome = await program(process.execPath, args)
    expect(outcome).toMatchObject({ ended: 'exited', exit_code: 0, stdout: '$HOME|a b|"\n' })
  })

  test('that is missing is told as not started', async () => {
    const outcome = await program('no-such-program-at-all', [])
    expect(outcome).toMatchObject({ ended: 'not_started' })
    expect(outcome.problem).toContain('ENOENT')
  })

  test('may exit with 137 without being killed, and is told as killed when it is', async () => {
    const limits = ['-e', 'process.exit(137)']
    expect(await program(process.execPath, limits)).toMatchObject({ ended: 'exited', exit_code: 137 })
    const suicide = ['-e', 'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 9e4)']
    expect(await program(process.execPath, suicide)).toMatchObject({ ended: 'killed', signal: 'SIGKILL' })
  })

  test('that hangs times out', async () => {
    expect(await program('sleep', ['1000'], 200)).toMatchObject({ ended: 'timed_out' })
  })
})

const run = (command: string, request: Partial<CommandRequest> = {}): Promise<CommandOutcome> =>
  runCommand({
    command,
    shell: 'sh',
    directory: tmpdir(),
    environment: { PATH: process.env.PATH },
    timeout_ms: 60_000,
    ...request,
  })

const program = (file: string, args: readonly string[], timeout_ms = 60_000): Promise<CommandOutcome> =>
  runProgram({ file, args, directory: tmpdir(), environment: { PATH: process.env.PATH }, timeout_ms })

/** Every pid that was printed, and there must be `count` of them, ends within a moment. */
async function expectGone(outcome: CommandOutcome, count: number): Promise<void> {
  const pids = `${outcome.stdout}\n${outcome.stderr}`
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0)
  expect(pids).toHaveLength(count)
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 5000 })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie waits for whoever adopted it to look; it runs no more.
    return process.platform !== 'linux' || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false // survived: no such process
  }
}

function makeFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'tkt processes ')))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}
