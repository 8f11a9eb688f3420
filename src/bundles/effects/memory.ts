/** Tells the memory skill that a bundle was closed, where that skill is installed. Best effort: it never fails a close. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runProgram } from '../../system/processes.ts'

export interface MemoryRequest {
  readonly skillFolder: string
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly title: string
  readonly content: string
  readonly tags: readonly string[]
}

const LIMIT_MS = 10_000

/** What became of it, in a word or two: `stored`, `not installed`, or why not. */
export async function storeMemory(request: MemoryRequest): Promise<string> {
  const script = join(dirname(request.skillFolder), 'skill-system-memory', 'scripts', 'mem.py')
  if (!existsSync(script)) return 'not installed'
  const { title, content, tags } = request
  const fields = ['--type', 'episodic', '--category', 'tkt', '--title', title, '--tags', tags.join(',')]
  const outcome = await runProgram({
    file: 'python3',
    args: [script, 'store', ...fields, '--importance', '5', '--scope', 'project', '--content', content],
    directory: request.root,
    environment: request.environment,
    timeout_ms: LIMIT_MS,
  })
  if (outcome.ended === 'exited' && outcome.exit_code === 0) return 'stored'
  const reason = outcome.ended === 'exited' ? `exit code ${outcome.exit_code ?? 'unknown'}` : outcome.ended
  return `not stored: ${reason}`
}
