import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { currentOwner, ownerState } from '../../src/system/owner.ts'
import { projectFolder } from '../support/project.ts'

describe('the state of an owner', () => {
  const self = currentOwner()

  test('this process runs, and on another host nobody knows', () => {
    expect(ownerState(self, self)).toBe('running')
    expect(ownerState({ ...self, host: 'elsewhere' }, self)).toBe('unknown')
  })

  test.runIf(process.platform === 'linux')('a process of strange name is known by its start', async () => {
    const program = join(projectFolder(), 'a) Z (b')
    copyFileSync('/bin/sleep', program)
    const child = spawn(program, ['60'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain('(a) Z (b)')
    expect(ownerState({ ...self, pid, started: '' }, self)).toBe('running')
    expect(ownerState({ ...self, pid, started: self.started }, self)).toBe('gone')
  })

  test.runIf(process.platform === 'linux')('a zombie is gone', async () => {
    // The shell turns into a sleep that never asks how its child has ended.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [output] = (await once(parent.stdout, 'data')) as [Buffer]
    const commandOfParent = () => readFileSync(`/proc/${parent.pid ?? 0}/comm`, 'utf8')
    await vi.waitFor(() => expect(commandOfParent()).toBe('sleep\n'), 5000)
    const pid = Number(output.toString())
    expect(ownerState({ ...self, pid, started: '' }, self)).toBe('running')
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(ownerState({ ...self, pid, started: '' }, self)).toBe('gone'), 5000)
    expect(process.kill(pid, 0)).toBe(true)
  })
})
