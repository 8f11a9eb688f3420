/** Worker processes that do the same thing at the same time. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { environment } from '../../support/tkt.ts'
import type { Orders, Slice } from './loop.ts'

export interface Crew {
  /** A slice of each worker, all at once. */
  readonly work: (ms: number) => Promise<readonly Slice[]>
  /** Resolves when all have ended. */
  readonly end: () => Promise<void>
}

/** Starts them; they are ready when this resolves. */
export async function startCrew(size: number, orders: Omit<Orders, 'worker'>): Promise<Crew> {
  const crew = Array.from({ length: size }, (_, index) => startWorker({ ...orders, worker: `w${index + 1}` }))
  const end = async (): Promise<void> => {
    await Promise.all(
      crew.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const ended = once(child, 'exit', { signal: AbortSignal.timeout(ANSWER_MS) })
        if (child.connected) child.send('end')
        await ended.catch(() => child.kill('SIGKILL')) // survived: it is not waited for any longer
      }),
    )
  }
  try {
    await Promise.all(crew.map((child) => answerOf(child, 0)))
  } catch (error) {
    await end()
    throw error
  }
  const work: Crew['work'] = async (ms) => {
    const answers = crew.map((child) => answerOf(child, ms) as Promise<Slice>) // worker.ts tells it
    for (const child of crew) child.send(ms)
    return Promise.all(answers)
  }
  return { work, end }
}

const ANSWER_MS = 60_000

const startWorker = (orders: Orders): ChildProcess =>
  fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(orders)], {
    env: environment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  })

/** What a worker tells next. Throws when it ends instead, or takes far longer than it was asked to. */
async function answerOf(child: ChildProcess, ms: number): Promise<unknown> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(ms + ANSWER_MS)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a worker ended with code ${String(code)}`)
  })
  ended.catch(() => undefined) // survived: it is waited for below
  try {
    const [told] = (await Promise.race([once(child, 'message', { signal }), ended])) as readonly unknown[]
    return told
  } finally {
    done.abort()
  }
}
