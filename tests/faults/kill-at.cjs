/**
 * Loaded before the program: kills this process, as `kill -9` does, in place of its n-th step (KILL_AT) that changes the
 * world. A write is done by half first, as the disk may hold that much of it. Says on standard error what the step was.
 */
const fs = require('node:fs')
const processes = require('node:child_process')

const at = Number(process.env.KILL_AT)
delete process.env.KILL_AT // not for the programs that are started
const state = { steps: 0 }
const say = fs.writeSync

const isStep = {
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

for (const [name, changes] of Object.entries(isStep)) {
  const real = fs[name]
  fs[name] = (...given) => {
    if (changes(...given)) step(`${name} ${String(given[0])}`, () => half(name, real, given))
    return real(...given)
  }
}

const LOOKS = /^(rev-parse|symbolic-ref --quiet|rev-list|status|diff|diff-tree|worktree list|ls-files)\b/
const spawn = processes.spawn
processes.spawn = (program, words, options) => {
  const onlyLooks = program === 'git' && LOOKS.test(words.join(' '))
  if (!onlyLooks) step(`spawn ${program} ${words.join(' ')}`)
  return spawn(program, words, options)
}

function step(what, before) {
  state.steps += 1
  if (state.steps !== at) return
  before?.()
  say(2, what)
  process.kill(process.pid, 'SIGKILL')
  for (;;); // until it comes
}

function half(name, real, [target, content, ...rest]) {
  if (name !== 'writeSync' && name !== 'writeFileSync') return
  const bytes = Buffer.from(content)
  const part = bytes.subarray(0, bytes.length / 2)
  if (name === 'writeSync') real(target, part)
  else real(target, part, ...rest)
}
