/** A project in the embedded database, and what is written beside every change: who was heard of, and the event. */
import type { Project } from '../ticket-store.ts'
import type { Database, Value } from './database.ts'

export interface Place {
  readonly database: Database
  readonly project: number
}

/** The project's number; it is made when nobody used it before. */
export function projectId(database: Database, { org, slug }: Project, now_ms: number): number {
  const find = () => database.one('SELECT id FROM projects WHERE org = ? AND slug = ?', org, slug)?.id
  const known = find()
  if (known !== undefined) return Number(known)
  database.run(
    'INSERT INTO projects (org, slug, name, created_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[org, slug, slug, now_ms],
  )
  return Number(find())
}

/** Notes that a session lives; it is known from its first act on. */
export function noteAgent({ database, project }: Place, session: string, now_ms: number): void {
  database.run(
    `INSERT INTO agents (project, id, started_ms, seen_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (project, id) DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms)`,
    ...[project, session, now_ms, now_ms],
  )
}

export interface NewEvent {
  readonly ticket: number
  readonly type: string
  readonly at_ms: number
  readonly actor?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly reason?: string | undefined
  readonly claim_no?: number | undefined
  readonly data?: object | undefined
}

/** Tells its number. */
export function writeEvent({ database, project }: Place, event: NewEvent): number {
  const { ticket, type, at_ms, actor, from, to, reason, claim_no, data } = event
  const row = database.one(
    `INSERT INTO events (at_ms, project, ticket, type, actor, from_status, to_status, reason, claim_no, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
    ...[at_ms, project, ticket, type, ...[actor, from, to, reason, claim_no].map(orNull)],
    data === undefined ? null : JSON.stringify(data),
  )
  return Number(row?.seq)
}

export const orNull = (value: Value | undefined): Value => value ?? null
