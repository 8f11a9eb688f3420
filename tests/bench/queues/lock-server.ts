/**
 * Stands for a Redis, which npm has none of: a process that keeps locks in memory and answers a line with a line at once.
 * `SET key holder` takes a lock that nobody has, `DEL key` gives it back. Ends with the process that started it.
 */
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

const locks = new Map<string, string>()

function answer(line: string): string {
  const [verb = '', key = '', holder = ''] = line.split(' ')
  if (verb === 'DEL') return String(Number(locks.delete(key)))
  if (locks.has(key)) return 'HELD'
  locks.set(key, holder)
  return 'OK'
}

const server = createServer((socket) => {
  socket.setNoDelay()
  socket.on('error', () => undefined) // survived: a worker that ends takes its connection along
  createInterface(socket).on('line', (line) => socket.write(`${answer(line)}\n`))
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port)) // listening, so an address
process.on('disconnect', () => process.exit())
