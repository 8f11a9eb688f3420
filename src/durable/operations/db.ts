/** Looks after the database of durable tickets: status, migrate, vacuum, export, import, archive. */
import { Boolean, Integer, Object as Fields, Optional, String, Unknown, type Static } from 'typebox'
import { pickAction, type Action } from '../../operation/actions.ts'
import { defineOperation } from '../../operation/define.ts'
import { formed, path, word } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { SINCE, SINCE_FORM } from '../model/since.ts'
import { archiveStore } from './db/archive.ts'
import { exportStore, importStore } from './db/move.ts'
import { tellStatus } from './db/status.ts'
import { migrate, vacuum } from './db/upkeep.ts'

const input = Fields({
  action: Optional(word('status, migrate, vacuum, export, import or archive; status when left out')),
  file: Optional(path('export, import: the file that the project moves in; archive: a new one')),
  before: Optional(formed('archive: what is over since then', SINCE, SINCE_FORM)),
})

const output = Fields({
  exists: Optional(Boolean()),
  project: Optional(String()),
  engine: Optional(String()),
  db_target: Optional(String()),
  target_source: Optional(String()),
  where: Optional(String()),
  engine_version: Optional(String()),
  schema_version: Optional(Integer()),
  program_schema_version: Optional(Integer()),
  bytes: Optional(Integer()),
  projects: Optional(Integer()),
  tickets: Optional(Unknown()),
  deleted: Optional(Integer()),
  events: Optional(Integer()),
  agents: Optional(Integer()),
  memories: Optional(Unknown()),
  from_version: Optional(Integer()),
  to_version: Optional(Integer()),
  bytes_before: Optional(Integer()),
  bytes_after: Optional(Integer()),
  file: Optional(String()),
  sha256: Optional(String()),
  rows: Optional(Unknown()),
  from_project: Optional(String()),
  exported_at: Optional(String()),
  archived_tickets: Optional(Integer()),
  archived_events: Optional(Integer()),
})

export type DbInput = Static<typeof input>

export const db = defineOperation({
  name: 'db',
  summary: 'Look after the database of durable tickets: status, migrate, vacuum, export, import, archive.',
  capability: 'tkt-db',
  effects: ['fs.read', 'fs.write', 'db.read', 'db.write'],
  input,
  output,
  errors: ['DATABASE_UNAVAILABLE', 'IMPORT_REFUSED'],
  positional: ['action', 'file'],
  examples: [
    'db status',
    'db migrate',
    'db vacuum',
    'db export --file project.jsonl',
    'db import --file project.jsonl',
    'db archive --before 90d --file 2026-summer.jsonl',
  ],
  run: async (request, context: DurableContext) => {
    const { action: name = 'status' } = request
    return pickAction('db', name, { actions: ACTIONS, request, warn: context.warn }).run(request, context)
  },
})

const ACTIONS = new Map<string, Action<DbInput, DurableContext, Static<typeof output>>>([
  ['status', { run: tellStatus, takes: [] }],
  ['migrate', { run: migrate, takes: [] }],
  ['vacuum', { run: vacuum, takes: [] }],
  ['export', { run: exportStore, takes: ['file'] }],
  ['import', { run: importStore, takes: ['file'] }],
  ['archive', { run: archiveStore, takes: ['file', 'before'] }],
])
