import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LockTimeout, withLock, type LockHolder } from '../../src/system/lock.ts'
import { currentOwner } from '../../src/system/owner.ts'

const WORKER = join(import.meta.dirname, 'lock-worker.ts')

describe('one at a time', () => {
  test('sixteen processes add to a counter and not one step is lost', async () => {
    const { root, directory } = makeWorld()
    const counter = join(root, 'counter')
    fs.writeFileSync(counter, '0')
    const workers = Array.from({ length: 16 }, () => startWorker('count', directory, counter, '50'))
    const exits = await Promise.all(workers.map((worker) => once(worker, 'exit')))
    expect(exits).toEqual(exits.map(() => [0, null]))
    expect(fs.readFileSync(counter, 'utf8')).toBe('800')
    expect(fs.readdirSync(join(directory, 'counter'))).toHaveLength(1)
  })

  test('two callers in one process wait for each other too', async () => {
    const { directory } = makeWorld()
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} in`)
      await new Promise(setImmediate)
      order.push(`${name} out`)
    }
    const request = { directory, name: 'lock', wait_ms: 5000 }
    await Promise.all([withLock(request, work('a')), withLock(request, work('b'))])
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out'])
  })

  test('the answer of the work comes back, and a failure of the work releases the lock', async () => {
    const { directory } = makeWorld()
    const request = { directory, name: 'lock', wait_ms: 0 }
    await expect(withLock(request, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await withLock(request, () => 42)).toBe(42)
  })

  test('locks of other names, and a zero-byte .lock file of old, are no obstacle', async () => {
    const { root, directory } = makeWorld()
    fs.writeFileSync(join(root, '.lock'), '')
    fs.mkdirSync(directory)
    fs.writeFileSync(join(directory, '.lock'), '')
    const inner = () => withLock({ directory, name: 'B-002', wait_ms: 0 }, () => 'both')
    expect(await withLock({ directory, name: 'B-001', wait_ms: 0 }, inner)).toBe('both')
  })

  test.each(['', '.', '..', '../up', 'a/b', '-a', 'a b', 'a\n'])('%j cannot name a lock', async (name) => {
    const { directory } = makeWorld()
    await expect(withLock({ directory, name, wait_ms: 0 }, () => 1)).rejects.toThrow(TypeError)
    expect(fs.existsSync(directory)).toBe(false)
  })

  test('locks that cannot be made say why', async () => {
    const { root } = makeWorld()
    fs.writeFileSync(join(root, 'file'), '')
    const request = { directory: join(root, 'file', 'locks'), name: 'lock', wait_ms: 0 }
    await expect(withLock(request, () => 1)).rejects.toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
  })
})

describe('dead and living holders', () => {
  test('the lock of a killed holder is had at once', async () => {
    const { directory } = makeWorld()
    const holder = await startHolder(directory, 'lock')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await withLock({ directory, name: 'lock', wait_ms: 0 }, () => 'mine')).toBe('mine')
  })

  test('a stopped holder is alive: it is waited for, and named in the refusal', async () => {
    const { directory } = makeWorld()
    const holder = await startHolder(directory, 'lock')
    holder.kill('SIGSTOP')
    const error = await refusal(directory, 200)
    expect(error).toMatchObject({ name: 'LockTimeout', lock: 'lock', holder: { pid: holder.pid } })
    expect(error.holder?.purpose).toBe('a long piece of work')
    expect(new Date(error.holder?.since ?? '').toISOString()).toBe(error.holder?.since)
    expect(error.waited_ms).toBeGreaterThanOrEqual(200)
    expect(error.message).toContain(`process ${holder.pid ?? ''} (a long piece of work) since 2`)
  })

  test('eight processes, killed at random all the time, are never inside together', async () => {
    const { root, directory } = makeWorld()
    const inside = join(root, 'inside')
    fs.mkdirSync(inside)
    const heard: unknown[] = []
    const work = new EventEmitter()
    const atWork = new Set<ChildProcess>() // each lives to do some work
    const start = (): ChildProcess => {
      const worker = startWorker('storm', directory, inside)
      return worker.on('message', (text) => {
        heard.push(text)
        if (worker.killed) return
        atWork.add(worker)
        work.emit('done')
      })
    }
    const workers = Array.from({ length: 8 }, start)
    let most = 0
    // Counted in work that was done, not in seconds: how much there is of it in a second is up to the machine.
    for (let kills = 0; kills < 25; kills += 1) {
      for (let rounds = 0; rounds < 3; rounds += 1) await once(work, 'done')
      const victim = [...atWork][Math.floor(Math.random() * atWork.size)]
      if (victim?.kill('SIGKILL')) atWork.delete(victim)
      workers.push(start())
      most = Math.max(most, fs.readdirSync(join(directory, 'storm')).length)
    }
    const left = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    const ended = left.map((worker) => once(worker, 'exit'))
    for (const worker of left) worker.kill('SIGKILL')
    await Promise.all(ended)
    expect(workers.map(({ signalCode }) => signalCode)).toEqual(workers.map(() => 'SIGKILL'))
    await withLock({ directory, name: 'storm', wait_ms: 0 }, () => undefined)
    expect(heard.filter((text) => text !== 'ten rounds')).toEqual([])
    expect(most).toBeLessThan(20)
    expect(fs.readdirSync(join(directory, 'storm'))).toHaveLength(1)
  })

  test('a long holder shows that it lives', async () => {
    const { directory } = makeWorld()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    await withLock({ directory, name: 'lock', wait_ms: 0 }, () => {
      const path = join(directory, 'lock', '1')
      fs.utimesSync(path, 0, 0)
      vi.advanceTimersByTime(20_000)
      expect(Date.now() - fs.statSync(path).mtimeMs).toBeLessThan(5000)
    })
  })

  test('a holder that lost its lock meanwhile leaves that of the next one alone', async () => {
    const { directory } = makeWorld()
    const folder = join(directory, 'lock')
    const record = recordOf({ host: 'elsewhere' })
    await withLock({ directory, name: 'lock', wait_ms: 0 }, () => {
      fs.writeFileSync(join(folder, '2'), record)
      fs.renameSync(join(folder, '2'), join(folder, '1')) // even under the same number
    })
    expect(fs.readFileSync(join(folder, '1'), 'utf8')).toBe(record)
  })
})

describe('the record of the highest generation', () => {
  const self = currentOwner()
  const dead = spawnSync(process.execPath, ['--version']).pid
  const cases: readonly [title: string, text: string, age_ms: number, free: boolean][] = [
    ['empty', '', 0, true],
    ['of a dead process', recordOf({ pid: dead }), 0, true],
    ['of a living process', recordOf({}), 3_600_000, false],
    ['of an earlier process of the same pid', recordOf({ started: '1' }), 0, self.started !== ''],
    ['of another host, fresh', recordOf({ host: 'elsewhere' }), 100_000, false],
    ['of another host, without a sign of life for long', recordOf({ host: 'elsewhere' }), 130_000, true],
    ['half written, fresh', '{"pid":', 0, false],
    ['half written, old', '{"pid":', 11_000, true],
    ['of no owner, fresh', '{"pid":-1}', 0, false],
    ['with a pid that is none', recordOf({ pid: 2 ** 40 }), 0, false],
  ]
  test.each(cases)('%s', async (_, text, age_ms, free) => {
    const { directory } = makeWorld()
    const folder = join(directory, 'lock')
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(join(folder, '9'), recordOf({})) // a lower one never matters
    fs.writeFileSync(join(folder, '10'), text)
    fs.writeFileSync(join(folder, 'attempt-of-a-killed-process'), '')
    const changed = (Date.now() - age_ms) / 1000
    fs.utimesSync(join(folder, '10'), changed, changed)
    if (!free) {
      await refusal(directory, 20)
      return
    }
    await withLock({ directory, name: 'lock', wait_ms: 0 }, () => {
      expect(JSON.parse(fs.readFileSync(join(folder, '11'), 'utf8'))).toMatchObject(self)
    })
    expect(fs.readdirSync(folder)).toEqual(['11'])
    expect(fs.statSync(join(folder, '11')).size).toBe(0)
  })
})

function recordOf(different: Partial<LockHolder>): string {
  const owner = { ...currentOwner(), purpose: '', since: '2026-01-01T00:00:00.000Z', ...different }
  return `${JSON.stringify(owner)}\n`
}

function makeWorld(): { root: string; directory: string } {
  const root = fs.mkdtempSync(join(tmpdir(), 'tkt-lock-'))
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }))
  return { root, directory: join(root, 'locks') }
}

async function refusal(directory: string, wait_ms: number): Promise<LockTimeout> {
  const error: unknown = await withLock({ directory, name: 'lock', wait_ms }, () => 'taken').catch(
    (thrown: unknown) => thrown,
  )
  if (error instanceof LockTimeout) return error
  throw new Error(`LockTimeout expected, found ${String(error)}`)
}

async function startHolder(directory: string, name: string): Promise<ChildProcess> {
  const holder = startWorker('hold', directory, name)
  await once(holder, 'message')
  return holder
}

function startWorker(...parameters: readonly string[]): ChildProcess {
  const worker = spawn(process.execPath, [WORKER, ...parameters], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  return worker
}
