/** Projects on each kind of database, driven inside the test's process. */
import type { RawInput } from '../../../src/operation/input.ts'
import { postgresServers } from '../../support/postgres.ts'
import { startDurable, type DurableProject } from './project.ts'

type Start = (tickets?: Readonly<Record<string, RawInput>>) => Promise<DurableProject>

/** For `describe.each`; each project has a database of its own. */
export const KINDS: readonly (readonly [name: string, start: Start])[] = [
  ['the embedded database', startDurable],
  ...postgresServers().map(([name, makeDatabase]): readonly [string, Start] => [
    name,
    async (tickets = {}) => {
      const project = await startDurable()
      project.world.environment.TKT_DATABASE_URL = (await makeDatabase()).url
      for (const [ticket_id, more] of Object.entries(tickets))
        await project.ok('intake-ticket', { ticket_id, title: ticket_id, summary: 'what to do', ...more })
      return project
    },
  ]),
]
