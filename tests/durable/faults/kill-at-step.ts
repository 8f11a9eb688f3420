/**
 * Loaded before the program: it is killed just before the step of that number, be it a statement for the database, a program
 * that is started, or a change of the file system.
 */
import processes from 'node:child_process'
import fs from 'node:fs'
import { DatabaseSync, StatementSync } from 'node:sqlite'

let left = Number(process.env.KILL_AT)
delete process.env.KILL_AT // not for the programs that are started

function counted(object: object, name: string): void {
  const original = Reflect.get(object, name) as (...words: unknown[]) => unknown
  Reflect.set(object, name, function (this: unknown, ...words: unknown[]) {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
    return Reflect.apply(original, this, words)
  })
}

counted(DatabaseSync.prototype, 'exec')
for (const name of ['all', 'get', 'run']) counted(StatementSync.prototype, name)
counted(processes, 'spawn')
for (const name of ['mkdirSync', 'linkSync', 'renameSync', 'rmSync', 'writeFileSync']) counted(fs, name)
