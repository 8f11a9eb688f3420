/** A worker process of the queue bench: does what it was told for as long as it is asked to, again and again. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Loop, Orders, Slice } from './loop.ts'
import { LOOPS } from './loops.ts'

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders
const open = LOOPS[orders.loop]
if (open === undefined) throw new Error(`no loop ${orders.loop}`)
const loop = await open(orders)
process.on('disconnect', () => process.exit()) // whoever started it is gone
process.on('message', (asked: number | 'end') => {
  void (asked === 'end' ? loop.close().finally(() => process.exit()) : slice(loop, asked).then(tell))
})
tell('ready')

function tell(told: Slice | 'ready'): void {
  process.send?.(told)
}

async function slice({ act }: Loop, ms: number): Promise<Slice> {
  const [keys, waits_ms, failures]: [string[], number[], string[]] = [[], [], []]
  let isDry = false
  const begun = performance.now()
  for (let at = begun; at < begun + ms && !isDry; at = performance.now()) {
    try {
      const had = await act()
      waits_ms.push(performance.now() - at)
      if (had === undefined) isDry = true
      else keys.push(...[had].flat())
    } catch (error) {
      failures.push(String(error)) // survived: failures are counted
    }
    if (orders.pause_ms > 0) await pause(orders.pause_ms)
  }
  return { keys, waits_ms, failures, isDry, ms: performance.now() - begun }
}
