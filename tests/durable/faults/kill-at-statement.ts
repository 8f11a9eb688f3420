/** Loaded before the program: it is killed just before it gives the database the statement of that number. */
import { DatabaseSync, StatementSync } from 'node:sqlite'

let left = Number(process.env.KILL_AT)

function counted(prototype: object, name: string): void {
  const original = Reflect.get(prototype, name) as (...words: unknown[]) => unknown
  Reflect.set(prototype, name, function (this: unknown, ...words: unknown[]) {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
    return Reflect.apply(original, this, words)
  })
}

counted(DatabaseSync.prototype, 'exec')
for (const name of ['all', 'get', 'run']) counted(StatementSync.prototype, name)
