/** Many commands at once, most of them killed at random, again and again; what each answered is held against the store. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../support/operations.ts'
import type { Ended } from '../support/tkt.ts'
import { openLedger, type Ending } from './ledger.ts'
import { mixedLoad, startMixedStore, type Move } from './mixed-load.ts'
import { moveRunner } from './move-runner.ts'
import { preloadIn } from './preload.ts'

export interface Request {
  readonly kills: number
  readonly seed: number
  /** An empty folder. */
  readonly folder: string
  /** Told after each store. */
  readonly tell?: (report: Report) => void
}

export interface Report {
  readonly seed: number
  readonly stores: number
  readonly commands: number
  /** Commands that answered that they changed something. */
  readonly acknowledged: number
  readonly kills: number
  /** Those of them that were killed in place of a step that changes the world; the others by the clock. */
  readonly kills_at_steps: number
  /** Changes that a kill let come into the history but not into the files, and lines that it tore. */
  readonly history_ahead: number
  readonly torn_lines: number
  /** Lost changes, stuck locks, unreadable files, second holders: each told in words. */
  readonly faults: readonly string[]
}

/** Goes on until so many commands were killed, or until the first store with a fault, which is kept. */
export async function killRandomly({ kills, seed, folder, tell }: Request): Promise<Report> {
  const killAt = preloadIn(folder, 'kill-at')
  let report: Report = { ...NOTHING, seed }
  while (report.kills < kills && report.faults.length === 0) {
    const root = join(folder, `store-${report.stores + 1}`)
    report = sumOf(
      report,
      await playStore(root, { killAt, seed: seed + report.stores, kills: kills - report.kills }),
    )
    if (report.faults.length === 0) rmSync(root, { recursive: true })
    tell?.(report)
  }
  return report
}

const COUNTS = {
  ...{ stores: 0, commands: 0, acknowledged: 0, kills: 0, kills_at_steps: 0 },
  ...{ history_ahead: 0, torn_lines: 0 },
}
const NOTHING = { ...COUNTS, faults: [] }

type Sum = Omit<Report, 'seed'>

function sumOf(report: Report, sum: Sum): Report {
  const names = Object.keys(COUNTS) as (keyof typeof COUNTS)[] // its own keys
  const counts = Object.fromEntries(names.map((name) => [name, report[name] + sum[name]]))
  return { ...report, ...counts, faults: [...new Set([...report.faults, ...sum.faults])] }
}

/** A store grows with every round, and looking it over takes longer: so many rounds, then a fresh one. */
const ROUNDS = 30
const AT_ONCE = 8

interface Play {
  readonly killAt: readonly string[]
  readonly seed: number
  readonly kills: number
}

/** In each round some run at once, and are killed; then one alone, at once, whatever locks the dead have left. */
async function playStore(root: string, { killAt, seed, kills }: Play): Promise<Sum> {
  const world = await startMixedStore(root)
  const ledger = openLedger(join(root, '.tkt'))
  const { runKilled, runAlone } = moveRunner(root, killAt, AT_ONCE)
  const moves = mixedLoad(seed, ROUNDS * (AT_ONCE + 1))
  const counts = { ...COUNTS, stores: 1 }
  const faults: string[] = []
  const note = (move: Move, ended: Ended): void => {
    const ending = endingOf(ended)
    const isKilled = ended.signal === 'SIGKILL'
    ledger.enter(move, ending)
    faults.push(...unforeseen(ended).map((fault) => `${move.words.join(' ')}: ${fault}`))
    counts.commands += 1
    counts.acknowledged += Number(ending.how === 'acknowledged')
    counts.kills += Number(isKilled)
    counts.kills_at_steps += Number(isKilled && move.kill.by === 'step')
  }
  for (
    let from = 0;
    from < moves.length && counts.kills < kills && faults.length === 0;
    from += AT_ONCE + 1
  ) {
    const [single, ...crowd] = moves.slice(from, from + AT_ONCE + 1)
    await Promise.all(crowd.map(async (move) => note(move, await runKilled(move))))
    faults.push(...(await ledger.faults()))
    if (single !== undefined) note(single, await runAlone(single))
  }
  faults.push(...(await ledger.faults()))
  for (const [name, raw] of LISTS) {
    const answer: object = await run(world, name, raw)
    if ('unreadable' in answer) faults.push(`${name}: ${JSON.stringify(answer.unreadable)}`)
  }
  return { ...counts, ...ledger.leftovers(), faults }
}

/** What the caches make of the files is what the files hold. */
const LISTS = [
  ['list-bundles', { limit: 1000 }],
  ['express', { action: 'list', limit: 1000 }],
  ['bundle-status', { bundle: 'B-001', limit: 1000 }],
] as const

/** A command that closed what was closed, went where it was, or found no work, is right and changed nothing. */
function endingOf({ signal, json }: Ended): Ending {
  const isIdle = json.already_closed === true || json.transition === 'no-op' || json.claimed === false
  if (json.ok === true && !isIdle) return { how: 'acknowledged', answer: json }
  return { how: signal === 'SIGKILL' ? 'killed' : 'unchanged' }
}

/** A refusal that none of these commands has a reason for: nobody holds a lock for long, and nobody writes by other ways. */
function unforeseen({ signal, stderr, json }: Ended): readonly string[] {
  if (signal === 'SIGKILL') return []
  if (signal !== null || stderr !== '' || typeof json.ok !== 'boolean')
    return [`ended with ${String(signal)}: ${stderr}`]
  return json.ok || FORESEEN.includes(String(json.error)) ? [] : [String(json.message)]
}

const FORESEEN = [
  ...['CLAIM_CONFLICT', 'TRANSITION_REFUSED', 'BUNDLE_CLOSED', 'TICKET_NOT_FOUND', 'NOT_OWNER'],
  ...['EXPRESS_NOT_OPEN', 'WORK_UNFINISHED', 'AUDIT_UNFINISHED', 'AUDIT_NOT_INDEPENDENT'],
]
