/** What always holds in a database of tickets, whatever kind it is: `doctor` asks whether it does. */
import type { DatabaseFault } from './store-keeper.ts'

export interface Rule {
  readonly check: string
  /** Tells how many rows break it. Its tables have the schema that is given before their names. */
  readonly count: (schema: string) => string
  /** Behind that number. */
  readonly says: string
}

const IN_HAND = "('CLAIMED','IN_PROGRESS','BLOCKED')"

export const RULES: readonly Rule[] = [
  {
    check: 'claim-of-ticket-in-hand',
    count: (schema) =>
      `SELECT count(*) AS count FROM ${schema}claims c LEFT JOIN ${schema}tickets t ON t.seq = c.ticket
       WHERE t.seq IS NULL OR t.status NOT IN ${IN_HAND} OR t.deleted_ms IS NOT NULL`,
    says: 'claims are of tickets that nobody has in hand',
  },
  {
    check: 'ticket-in-hand-is-held',
    count: (schema) =>
      `SELECT count(*) AS count FROM ${schema}tickets t
       WHERE t.status IN ${IN_HAND} AND NOT EXISTS (SELECT 1 FROM ${schema}claims c WHERE c.ticket = t.seq)`,
    says: 'tickets are in hand, and no session holds them',
  },
  {
    check: 'ticket-has-history',
    count: (schema) =>
      `SELECT count(*) AS count FROM ${schema}tickets t
       WHERE NOT EXISTS (SELECT 1 FROM ${schema}events e WHERE e.ticket = t.seq)`,
    says: 'tickets have no history',
  },
]

/** Undefined where none breaks it. */
export const brokenRule = ({ check, says }: Rule, count: number): DatabaseFault | undefined =>
  count === 0
    ? undefined
    : {
        check,
        says: `${count} ${says}`,
        isFault: true,
        next: 'somebody changed the tables by hand: put back a copy',
      }

/** A database that a newer program made. */
export const newerSchema = (version: number, newest: number): readonly DatabaseFault[] =>
  version <= newest
    ? []
    : [
        {
          check: 'schema-version',
          says: `it is of version ${version}, newer than this program (${newest})`,
          isFault: true,
          next: 'update the skill',
        },
      ]
