/** Loaded before the program: it is killed just before it sends that many-th message to a server. */
import { Socket } from 'node:net'

let left = Number(process.env.KILL_AT)
const write = Reflect.get(Socket.prototype, 'write') as (...words: unknown[]) => unknown

Reflect.set(Socket.prototype, 'write', function (this: unknown, ...words: unknown[]) {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
  return Reflect.apply(write, this, words)
})
