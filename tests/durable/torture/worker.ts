/**
 * A session that takes tickets and closes them, in a process that is killed at any moment: it dawdles past its lease, gives
 * back, blocks, fails, loses claims. Whatever it was answered goes into its own file, a line each, before it goes on.
 */
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { isRefusal, openAt, type WorkerOrders } from './orders.ts'

const { database, session, log, seed, lease_ms } = JSON.parse(process.argv[2] ?? '{}') as WorkerOrders
const terms = { lease_ms, oneAtATime: true }
const store = await openAt(database)
let state = seed
/** Mulberry32: the same seed gives the same session. */
function chance(): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
const tell = (...words: readonly (string | number)[]): void => {
  appendFileSync(log, `${words.join(' ')}\n`)
}
const act = (claim_no?: number, reason?: string) => ({ session, now_ms: Date.now(), claim_no, reason })

for (let idle = 0; idle < 40;) {
  const claimed = await store.claimNext({ act: act(), terms })
  if (claimed === undefined) {
    idle += 1
    // What it had blocked when it was killed is nobody else's.
    for (const { key, status, claim_no } of await store.renew(session, Date.now(), terms))
      if (status === 'BLOCKED')
        await store.move({ key, move: 'release', act: act(claim_no, 'killed'), terms })
    await pause(25)
    continue
  }
  idle = 0
  const { key, claim_no } = claimed.ticket
  tell('claimed', key, claim_no)
  const dice = chance()
  await pause(dice < 0.1 ? lease_ms * (1 + chance()) : 10 * chance())
  if (dice > 0.9) await store.renew(session, Date.now(), terms)
  const move = dice < 0.8 || dice > 0.9 ? 'close' : dice < 0.85 ? 'release' : dice < 0.88 ? 'block' : 'fail'
  const moved = await store.move({ key, move, act: act(claim_no, 'as the dice fell'), terms })
  tell(isRefusal(moved) ? `refused-${move}` : move, key, claim_no)
  if (isRefusal(moved) || move !== 'block') continue
  const back = await store.move({ key, move: 'unblock', act: act(claim_no), terms })
  tell(isRefusal(back) ? 'refused-unblock' : 'unblock', key, claim_no)
  if (!isRefusal(back)) await store.move({ key, move: 'release', act: act(claim_no, 'later'), terms })
}
tell('nothing-left')
await store.close()
