/** How what has waited for long becomes more urgent, where the configuration wants that (`durable.ageing_hours`). */

/** By how much, each time that it has waited for that long: a tenth of the way from least to most urgent. */
export const LIFTED = 10
/** A claim looks for such tickets at most this often. */
export const AGEING_LOOK_MS = 60_000
/** More wait for the next look. */
export const LIFTED_AT_ONCE = 1_000
