/** A session in a process of its own: takes tickets and closes them until nothing is free. Tells what is refused, a line each. */
import { run, worldIn } from '../../support/operations.ts'

const [root = '', session_id = ''] = process.argv.slice(2)
const world = { ...worldIn(root), environment: process.env, now: new Date() }
for (;;) {
  const next = await run(world, 'next-ticket', { session_id })
  if (!next.ok) console.log(next.message)
  if (!next.ok || next.claimed !== true) break
  const closed = await run(world, 'close-ticket', { session_id })
  if (!closed.ok) console.log(closed.message)
}
