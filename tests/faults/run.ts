/**
 * `npm run faults`: `kill -9` at random over a mixed load of real commands, `--kills 10000`, from `--seed`. The last line
 * is one JSON object; the exit code is 1 when anything was lost, stuck, torn or held twice, and that store is kept.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRandomly } from './kill-randomly.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-faults-')))
const begun = performance.now()
const report = await killRandomly({
  kills: Number(values.kills),
  seed: Number(values.seed),
  folder,
  tell: ({ kills, commands, acknowledged, faults }) => {
    console.log(
      `${kills} killed of ${commands}, ${acknowledged} changes acknowledged, ${faults.length} faults`,
    )
  },
})
for (const fault of report.faults.slice(0, 20)) console.log(fault)
if (report.faults.length === 0) rmSync(folder, { recursive: true, force: true })
else console.log(`kept: ${folder}`)
const seconds = Math.round((performance.now() - begun) / 1000)
console.log(JSON.stringify({ ...report, faults: report.faults.length, seconds, node: process.version }))
process.exitCode = report.faults.length === 0 ? 0 : 1
