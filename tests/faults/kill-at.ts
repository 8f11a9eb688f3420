/**
 * Loaded before a program: sends a signal to this process, `kill -9` by default, in place of a step that changes the world:
 * the n-th, or the first of that name (KILL_AT). A write is done by half first, as the disk may hold that much of it. Says
 * on standard error what the step was.
 */
import processes from 'node:child_process'
import fs from 'node:fs'

type Call = (...given: unknown[]) => unknown

const at = process.env.KILL_AT ?? ''
const signal = process.env.KILL_BY ?? 'SIGKILL'
delete process.env.KILL_AT // not for the programs that are started
const state = { steps: 0 }
const say = fs.writeSync

const STEPS: Readonly<Record<string, (...given: unknown[]) => boolean>> = {
  openSync: (_, flags) => flags === 'a+', // another one is followed by its write at once
  writeSync: () => true,
  writeFileSync: () => true,
  renameSync: () => true,
  linkSync: () => true,
  unlinkSync: () => true,
  rmSync: () => true,
  mkdirSync: () => true,
  ftruncateSync: () => true,
}

const calls = fs as unknown as Record<string, Call> // the object that the built program calls through
for (const [name, isStep] of Object.entries(STEPS)) {
  const real = calls[name] as Call // node has it
  calls[name] = (...given) => {
    if (isStep(...given)) step(`${name} ${String(given[0])}`, () => half(name, real, given))
    return real(...given)
  }
}

/** Words of git that change nothing: to be killed before them is to be killed before what follows. */
const LOOKS = /^(rev-parse|symbolic-ref --quiet|rev-list|status|diff|diff-tree|worktree list|ls-files)\b/

const programs = processes as unknown as Record<'spawn', Call> // as above
const spawn = programs.spawn
programs.spawn = (program, words, options) => {
  const line = `${String(program)} ${(words as readonly string[]).join(' ')}`
  if (!line.startsWith('git ') || !LOOKS.test(line.slice(4))) step(`spawn ${line}`)
  return spawn(program, words, options)
}

function step(what: string, before?: () => void): void {
  state.steps += 1
  if (at !== String(state.steps) && !what.startsWith(`${at} `)) return
  if (signal === 'SIGKILL') before?.()
  say(2, what)
  process.kill(process.pid, signal)
  while (signal === 'SIGKILL'); // until it comes
}

function half(name: string, real: Call, [target, content, ...rest]: unknown[]): void {
  if (name !== 'writeSync' && name !== 'writeFileSync') return
  const bytes = Buffer.from(content as string | Buffer) // all that is written here
  const part = bytes.subarray(0, bytes.length / 2)
  if (name === 'writeSync') real(target, part)
  else real(target, part, ...rest)
}
