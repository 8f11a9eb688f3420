/** The other process in the tests of files and locks: `node lock-worker.ts <role> <argument…>`, with an IPC channel. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import {
  commitNewFile,
  prepareDirectory,
  prepareFile,
  publishDirectory,
} from '../../src/system/prepared-files.ts'
import { withLock } from '../../src/system/lock.ts'
import { currentOwner, ownerState } from '../../src/system/owner.ts'

/** Longer than any test: how long one waits for its turn is up to the machine. */
const WAIT_MS = 300_000

type Role = (...parameters: readonly string[]) => unknown

const ROLES: Readonly<Record<string, Role>> = { count, hold, storm, watch, race }

const [role = '', ...parameters] = process.argv.slice(2)
await ROLES[role]?.(...parameters)

/** Adds to a counter file as carelessly as can be; only the lock keeps it right. Ends when done. */
async function count(directory = '', counter = '', times = ''): Promise<void> {
  for (let step = 0; step < Number(times); step += 1) {
    await withLock({ directory, name: 'counter', wait_ms: WAIT_MS }, () => {
      const before = Number(fs.readFileSync(counter, 'utf8'))
      fs.writeFileSync(counter, String(before + 1))
    })
  }
  process.disconnect()
}

/** Says `held` once it holds the lock, and holds it until killed. */
async function hold(directory = '', name = ''): Promise<void> {
  await withLock({ directory, name, wait_ms: WAIT_MS, purpose: 'a long piece of work' }, async () => {
    process.send?.('held')
    await new Promise(() => setInterval(() => undefined, 1000))
  })
}

/**
 * Takes and releases until killed. Whoever is inside the lock has a file named after its pid in `inside`, so a second
 * living pid there is an overlap; it is reported, as are ten rounds of work.
 */
async function storm(directory = '', inside = ''): Promise<void> {
  const mine = join(inside, String(process.pid))
  for (let round = 1; ; round += 1) {
    await withLock({ directory, name: 'storm', wait_ms: WAIT_MS }, async () => {
      fs.writeFileSync(mine, '')
      reportOthers(inside)
      await new Promise(setImmediate) // work that awaits is killed at more places
      reportOthers(inside)
      fs.unlinkSync(mine)
    })
    if (round % 10 === 0) process.send?.('ten rounds')
  }
}

function reportOthers(inside: string): void {
  const self = currentOwner()
  for (const name of fs.readdirSync(inside)) {
    const other = { ...self, pid: Number(name), started: '' }
    if (other.pid === self.pid) continue
    if (ownerState(other, self) === 'gone') fs.rmSync(join(inside, name), { force: true })
    else process.send?.(`overlap of ${self.pid} and ${name}`)
  }
}

/** Reads `target` all the time until told to stop, then says how often and how often it was not one whole text. */
async function watch(target = ''): Promise<void> {
  const state = { stopped: false }
  process.once('message', () => (state.stopped = true))
  process.send?.('ready')
  let reads = 0
  let torn = 0
  for (; !state.stopped; reads += 1) {
    if (!/^(.)\1{19999}\n$/.test(fs.readFileSync(target, 'utf8'))) torn += 1
    if (reads % 20 === 0) await new Promise(setImmediate)
  }
  process.send?.({ reads, torn })
  process.disconnect()
}

/** For each path it is sent, tries to be the first to publish there, and says whether it was. */
function race(scratch = '', kind = ''): void {
  const text = `${process.pid}\n`
  const publish = async (target: string): Promise<boolean> =>
    kind === 'file'
      ? commitNewFile(prepareFile(scratch, text), target)
      : publishDirectory(await prepareDirectory(scratch, { one: text, two: text }), target)
  process.on('message', (target: string) => {
    void publish(target).then((won) => process.send?.(won))
  })
  process.send?.('ready')
}
