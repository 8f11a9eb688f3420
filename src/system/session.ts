/** The session that the surroundings name: it tells two agents of one name apart. */

/**
 * As the published durable engine finds it (contracts: durable section 1.3), but for the names that are the same for all
 * shells of one login, or another for each.
 */
export const sessionIn = (environment: Readonly<Record<string, string | undefined>>): string | undefined =>
  SESSION_NAMES.map((name) => environment[name]?.trim()).find(
    (id) => id !== undefined && /^[\x21-\x7e]{1,200}$/.test(id),
  )

const SESSION_NAMES = [
  'TKT_SESSION_ID',
  'CLAUDE_CODE_SESSION_ID',
  'OPENCODE_SESSION_ID',
  'SESSION_ID',
  'OMO_SESSION_ID',
]
