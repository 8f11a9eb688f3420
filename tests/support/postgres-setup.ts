/** A global setup of vitest: starts a PostgreSQL when a test first asks for it, and ends it with the run. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestProject } from 'vitest/node'
import type { RunningPostgres } from './postgres-server.ts'
import { postgresSources, type PostgresSource } from './postgres-sources.ts'

/** What a test file needs to ask: it runs in a process of its own. */
export interface PostgresDesk {
  readonly run: string
  /** Of 127.0.0.1. One connection a question: password, space, name of the source; the answer is a PostgresReply. */
  readonly port: number
  readonly password: string
}

export type PostgresReply = { readonly url: string; readonly tcp_url: string } | { readonly error: string }

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: PostgresDesk
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [run, password] = [randomBytes(4).toString('hex'), randomBytes(12).toString('hex')]
  const servers = new Map<string, Promise<RunningPostgres>>()

  const serverFor = (question: string): Promise<RunningPostgres> => {
    const sources = postgresSources()
    const source = sources.find(({ name }) => question === `${password} ${name}`)
    if (source?.start === undefined) throw new Error('no such PostgreSQL here')
    if (servers.size === 0) tellAbsent(sources)
    const server = servers.get(source.name) ?? source.start(run)
    servers.set(source.name, server)
    return server
  }

  const desk = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined) // survived: the test file that asked was killed
    void text(socket)
      .then(serverFor)
      .then(({ url, tcp_url }): PostgresReply => ({ url, tcp_url }))
      .catch((error: unknown): PostgresReply => ({ error: String(error) })) // survived: it fails the test that asked
      .then((reply) => socket.end(JSON.stringify(reply)))
  })
  desk.listen(0, '127.0.0.1')
  await once(desk, 'listening')
  project.provide('postgres', { run, port: (desk.address() as AddressInfo).port, password })

  return async () => {
    desk.close()
    for (const server of await Promise.allSettled(servers.values()))
      if (server.status === 'fulfilled') await server.value.stop()
  }
}

function tellAbsent(sources: readonly PostgresSource[]): void {
  for (const { name, start } of sources)
    if (start === undefined) console.log(`\n${name} is not installed here: the store tests run without it`)
}
