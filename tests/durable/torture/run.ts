/**
 * `npm run torture`: rounds of many sessions in processes that are killed at random, on the embedded database and on
 * PostgreSQL in turn, `--minutes 10`, from `--seed`. The last line is one JSON object; the exit code is 1 when a ticket was
 * in two hands or something acknowledged was lost.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newDatabase, stopServer } from '../../bench/server.ts'
import { torture } from './torture.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    sessions: { type: 'string', default: '50' },
    tickets: { type: 'string', default: '500' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})
const [sessions, tickets, kills] = [Number(values.sessions), Number(values.tickets), Number(values.kills)]
const end = performance.now() + Number(values.minutes) * 60_000
const total = { rounds: 0, killed: 0, events: 0, taken_over: 0, acknowledged: 0, refused: 0 }
const faults: string[] = []
try {
  for (let seed = Number(values.seed); performance.now() < end; seed += 1) {
    for (const kind of ['embedded', 'PostgreSQL'] as const) {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-torture-')))
      const database = kind === 'embedded' ? join(folder, 'tickets.db') : await newDatabase()
      const { faults: found, ...report } = await torture({
        ...{ database, folder, sessions, tickets, kills, seed, lease_ms: 400 },
      })
      faults.push(...found.map((fault) => `${kind}, seed ${seed}: ${fault}`))
      total.rounds += 1
      for (const [name, value] of Object.entries(report)) total[name as keyof typeof report] += value
      console.log(`${kind}, seed ${seed}: ${JSON.stringify(report)}, ${found.length} faults`)
      if (found.length === 0) rmSync(folder, { recursive: true, force: true })
      else console.log(`kept: ${folder}`)
    }
  }
} finally {
  await stopServer()
}
for (const fault of faults.slice(0, 20)) console.log(fault)
console.log(JSON.stringify({ ...total, faults: faults.length, node: process.version }))
process.exitCode = faults.length === 0 ? 0 : 1
