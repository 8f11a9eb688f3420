/** What an operation of engine 1 sees of the world: the project, its store, time, configuration, and the way to change it. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DEFAULTS, type Config } from '../config.ts'
import { OperationError } from '../operation/errors.ts'
import { timestamp } from '../system/clock.ts'
import { LockTimeout, withLock } from '../system/lock.ts'
import { findPlace, refusalOfNewStore, type PlaceRequest } from '../system/project-root.ts'
import { sessionIn } from '../system/session.ts'
import { configOf } from './config-file.ts'
import type { HistoryRow } from './model/history-event.ts'
import { AlreadyThere, commitChange, type StoreChange } from './store/commit.ts'
import { locksFolder, type StorePlace } from './store/layout.ts'
import { largestBytes } from './store/yaml-source.ts'

/** The part of the runtime that this engine needs. */
export interface World extends Omit<PlaceRequest, 'root'> {
  readonly now: () => Date
  readonly systemUser: () => string | undefined
  readonly warn: (text: string) => void
  /** A line about long work, for people who watch a terminal. */
  readonly progress: (text: string) => void
  /** What is wrong with the database of durable tickets; undefined where there is none. */
  readonly checkDatabase: () => Promise<readonly Elsewhere[] | undefined>
  /** What happened to durable tickets, the newest first, `most` of them; `total` is of all that are wanted. */
  readonly durableEvents: (wanted: EventsWanted) => Promise<EventsElsewhere>
  readonly ticketWorktrees: TicketWorktrees
}

/** The worktrees of durable tickets. */
export interface TicketWorktrees {
  readonly tell: () => Promise<readonly TicketWorktree[]>
  /** Takes away what nobody needs any more; `kept` says why one stays. */
  readonly prune: (request: {
    readonly dry_run: boolean
    readonly with_ignored: boolean
  }) => Promise<readonly Pick<TicketWorktree, 'ticket' | 'path' | 'branch' | 'kept'>[]>
}

export interface TicketWorktree {
  readonly ticket: string
  readonly ticket_status: string
  readonly path: string
  readonly branch: string
  readonly target: string | undefined
  readonly state: string
  readonly distance: { readonly ahead: number; readonly behind: number } | undefined
  readonly changes: readonly string[]
  /** Whether its ticket is over. */
  readonly isLeft: boolean
  readonly kept: { readonly reason: string; readonly next_step: string } | undefined
}

export interface EventsWanted {
  readonly ticket?: string | undefined
  readonly event?: string | undefined
  readonly most: number
}

export interface EventsElsewhere {
  readonly events: readonly HistoryRow[]
  readonly total: number
}

/** Something that is wrong outside of what this engine knows. */
export interface Elsewhere {
  readonly check: string
  readonly where: string
  readonly says: string
  readonly isFault: boolean
  readonly next: string
}

export interface Change extends StoreChange {
  /** What the command is answered with; kept where it may be sent again (once.ts). */
  readonly told?: object
}

export interface BundleContext extends StorePlace {
  readonly environment: World['environment']
  readonly skillFolder: string
  /** The session that the surroundings name: it tells two agents of one name apart. */
  readonly session_id: string | undefined
  /** The present moment as it is written to files. */
  readonly now: () => string
  readonly warn: World['warn']
  readonly progress: World['progress']
  readonly checkDatabase: World['checkDatabase']
  readonly durableEvents: World['durableEvents']
  readonly ticketWorktrees: World['ticketWorktrees']
  /** Reads config/tkt.yaml once. Throws CONFIG_INVALID with all its errors. */
  readonly config: () => Config
  /** As config, for those who only look: one that cannot be used is told, and the defaults hold. */
  readonly configToLook: () => Config
  /** A path as the caller wrote it, from where the caller stands. */
  readonly resolve: (path: string) => string
  /** Runs `work` as the only one in the named part of the store. Throws LOCK_TIMEOUT. */
  readonly locked: <T>(name: string, work: () => Promise<T> | T) => Promise<T>
  /**
   * One change, whole or not at all, stamped `now`. Throws CHANGED_MEANWHILE when something new exists already, and
   * INPUT_INVALID when a file would become larger than what is read.
   */
  readonly commit: (change: Change, now: string) => Promise<void>
  /** Goes into the file that a change puts in place last: into it when it is new, else into its log. Empty but under a key. */
  readonly mark: { readonly request?: string }
  readonly hasStore: () => boolean
  /** Throws NOT_INITIALISED when there is no store, or ROOT_REFUSED when one may not be started either. */
  readonly requireStore: () => void
  /** Throws ROOT_REFUSED when no store may be started here. */
  readonly allowNewStore: () => void
}

/** Opens the store of the project that `root` or the surroundings name. Reads nothing yet. */
export function openBundles(world: World, root: string | undefined): BundleContext {
  const place = findPlace({ ...world, root })
  let config: Config | undefined
  let toLook: Config | undefined
  const readConfig = (): Config => (config ??= configOf(world, place))
  const hasStore = (): boolean => existsSync(place.store)
  const allowNewStore = (): void => {
    if (statSync(place.store, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new OperationError('STORE_UNAVAILABLE', `${place.store} is no folder`, { path: place.store })
    }
    const refusal = refusalOfNewStore(place)
    if (refusal !== undefined) throw new OperationError('ROOT_REFUSED', refusal)
  }
  return {
    root: place.root,
    store: place.store,
    environment: world.environment,
    skillFolder: world.skillFolder,
    session_id: sessionIn(world.environment),
    now: () => timestamp(world.now()),
    warn: world.warn,
    progress: world.progress,
    checkDatabase: world.checkDatabase,
    durableEvents: world.durableEvents,
    ticketWorktrees: world.ticketWorktrees,
    config: readConfig,
    configToLook: () => config ?? (toLook ??= lookableConfig(readConfig, world.warn)),
    resolve: (path) => resolve(world.cwd, path),
    locked: (name, work) => lock(place, name, readConfig().lock_timeout_ms, work),
    commit: (change, now) => commit(place, signed(change, world), now),
    mark: {},
    allowNewStore,
    hasStore,
    requireStore: () => {
      allowNewStore()
      if (!hasStore()) throw new OperationError('NOT_INITIALISED', `there is no ${place.store}`)
    },
  }
}

/** Tells of keys in config/tkt.yaml that nobody reads: a gate with a slip of the pen in its name would never be asked. */
export function warnOfUnusedKeys(context: BundleContext): void {
  const { unused } = context.config()
  if (unused.length > 0)
    context.warn(`config/tkt.yaml: keys without a meaning: ${unused.slice(0, 10).join(', ')}`)
}

function lookableConfig(read: () => Config, warn: World['warn']): Config {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    warn(`${error.message}; until that is mended the defaults hold for this`) // survived: nothing is changed by looking
    return DEFAULTS
  }
}

async function lock<T>(
  place: StorePlace,
  name: string,
  wait_ms: number,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await withLock({ directory: locksFolder(place), name, wait_ms }, work)
  } catch (error) {
    if (!(error instanceof LockTimeout)) throw error
    throw new OperationError('LOCK_TIMEOUT', error.message, {
      lock: name,
      holder: error.holder,
      waited_ms: error.waited_ms,
    })
  }
}

/** Events in which nobody gave a name bear the user's, as the surroundings or else the system tell it. */
function signed(change: StoreChange, { environment, systemUser }: World): StoreChange {
  if (change.events.every(({ fields }) => fields.agent !== undefined)) return change
  const { USER, LOGNAME, USERNAME } = environment
  const user = [USER, LOGNAME, USERNAME].find((name) => (name ?? '') !== '') ?? systemUser()
  const events = change.events.map(({ event, fields }) => ({
    event,
    fields: fields.agent === undefined ? { ...fields, user } : fields,
  }))
  return { ...change, events }
}

async function commit(place: StorePlace, change: StoreChange, now: string): Promise<void> {
  const texts = [change.creations, change.files, ...Object.values(change.folders ?? {})]
  for (const [path, { text }] of texts.flatMap((some) => Object.entries(some ?? {})))
    refuseTooLarge(path, text)
  try {
    await commitChange(place, change, now)
  } catch (error) {
    if (!(error instanceof AlreadyThere)) throw error
    throw new OperationError('CHANGED_MEANWHILE', error.message)
  }
}

/** A file that nobody could read again would take its ticket out of the world. */
function refuseTooLarge(path: string, text: string): void {
  const bytes = Buffer.byteLength(text)
  const limit = largestBytes(path)
  if (bytes <= limit) return
  throw new OperationError(
    'INPUT_INVALID',
    `${path} would become ${bytes} bytes, at most ${limit} are read`,
    { path, bytes, limit },
    'shorten the texts, or keep them in a file of their own and name that',
  )
}
