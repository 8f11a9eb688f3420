/** Which variable of the surroundings, if any, names a database on a server. */

export type Environment = Readonly<Record<string, string | undefined>>

/** What TKT_DATABASE_URL says when the embedded database is meant, whatever else is set. */
export const EMBEDDED = 'embedded'
export const IS_POSTGRES = /^postgres(ql)?:\/\//i

/** The variable and what it says; undefined: the embedded database is meant. */
export function serverNamed(environment: Environment) {
  const { TKT_DATABASE_URL, DATABASE_URL, SKILL_PGDATABASE } = environment
  if (TKT_DATABASE_URL === EMBEDDED) return undefined
  if (isSaid(TKT_DATABASE_URL)) return ['TKT_DATABASE_URL', TKT_DATABASE_URL] as const
  if (isSaid(DATABASE_URL) && IS_POSTGRES.test(DATABASE_URL)) return ['DATABASE_URL', DATABASE_URL] as const
  return isSaid(SKILL_PGDATABASE) ? (['SKILL_PGDATABASE', SKILL_PGDATABASE] as const) : undefined
}

export const isSaid = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''
