/** What an operation of engine 2 sees of the world: the store, who acts, when, and what the configuration says of claims. */
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { OperationError } from '../operation/errors.ts'
import {
  checkoutOf,
  findPlace,
  type Checkout,
  type Place,
  type PlaceRequest,
} from '../system/project-root.ts'
import { sessionIn } from '../system/session.ts'
import { accessTo, toldOf, withStoreOf, type Access, type Target } from './access.ts'
import { claimBase } from './effects/claim-base.ts'
import { readNoteFile, type NoteFile } from './effects/note-file.ts'
import type { Act, Terms } from './model/claiming.ts'
import { policyOf, type Policy } from './model/policy.ts'
import type { StoreKeeper } from './store/store-keeper.ts'
import type { Project, TicketStore } from './store/ticket-store.ts'

/** The part of the runtime that this engine needs. */
export interface World extends Omit<PlaceRequest, 'root'> {
  readonly now: () => Date
  readonly warn: (text: string) => void
  /** Who runs this, as the system knows it. */
  readonly systemUser: () => string | undefined
  /** One more thing of an answer that comes bit by bit: a line of JSON, or of text where people look on. */
  readonly emit: (record: object, forPeople: string) => Promise<void>
  /** Aborted when nobody wants more of it. */
  readonly whenStopped: () => AbortSignal
}

export interface DurableContext extends Place {
  readonly environment: World['environment']
  /** Reads config/tkt.yaml once. Throws CONFIG_INVALID with all its errors. */
  readonly config: () => Config
  /** The checkout that is worked in; undefined where there is no repository. */
  readonly checkout: () => Checkout | undefined
  /** Whether there is a database: one that only looks makes none. */
  readonly hasStore: () => boolean
  readonly now_ms: () => number
  readonly warn: World['warn']
  readonly emit: World['emit']
  readonly whenStopped: World['whenStopped']
  /** The session that the environment names. */
  readonly session: () => string | undefined
  /** Who acts, and when. Throws MISSING_SESSION_ID. */
  readonly actOf: (said: Said) => Act
  /** The same for a claim, with the commit that the work begins at. Throws MISSING_SESSION_ID. */
  readonly claimOf: (said: Said) => Promise<Act>
  readonly terms: () => Terms
  readonly policy: () => Policy
  /** The note as it is now. */
  readonly note: () => NoteFile
  /**
   * Does the work with the store open; it is made by its first use. Throws DATABASE_UNAVAILABLE, or ROOT_REFUSED where no
   * store may be started.
   */
  readonly withStore: <T>(work: (store: TicketStore) => Promise<T>) => Promise<T>
  /** The same for those who look after the database. */
  readonly withKeeper: <T>(work: (keeper: StoreKeeper, target: Target) => Promise<T>) => Promise<T>
  /** ORGANISATION/PROJECT. */
  readonly project: () => string
  /** A path as the caller means it. */
  readonly resolve: (path: string) => string
  /** What stands in the answer of every operation (contracts: durable section 3.1). */
  readonly told: () => { readonly status: 'ok'; readonly db_target: string; readonly target_source: string }
}

export interface Said {
  readonly session_id?: string | undefined
  readonly claim_no?: number | undefined
  readonly reason?: string | undefined
}

/** Opens engine 2 for the project that `root` or the surroundings name. Touches nothing yet. */
export function openDurable(
  world: World,
  root: string | undefined,
  configOf: (world: World, place: Place) => Config,
): DurableContext {
  const place = findPlace({ ...world, root })
  let read: Config | undefined
  const config = (): Config => (read ??= configOf(world, place))
  const now_ms = (): number => world.now().getTime()
  const actOf: DurableContext['actOf'] = ({
    session_id = sessionIn(world.environment),
    claim_no,
    reason,
  }) => {
    if (session_id !== undefined) return { session: session_id, now_ms: now_ms(), claim_no, reason }
    throw new OperationError('MISSING_SESSION_ID', 'no --session-id, and no session in the environment')
  }
  const checkout = (): Checkout | undefined => checkoutOf(place, world.cwd)
  return {
    ...place,
    environment: world.environment,
    config,
    checkout,
    now_ms,
    warn: world.warn,
    emit: world.emit,
    whenStopped: world.whenStopped,
    session: () => sessionIn(world.environment),
    actOf,
    claimOf: async (said) => ({
      ...actOf(said),
      base: await claimBase(checkout()?.top, world.environment),
    }),
    terms: () => {
      const { stale, durable } = config()
      return {
        lease_ms: stale.timeout_ms === 0 ? undefined : stale.timeout_ms,
        oneAtATime: durable.one_ticket_at_a_time,
        blockedCounts: durable.blocked_ticket_counts,
        ageing_ms: durable.ageing_ms === 0 ? undefined : durable.ageing_ms,
      }
    },
    policy: () => policyOf(config().policy),
    note: () => readNoteFile(place.root, config().note_path),
    project: () => config().durable.project,
    resolve: (path) => resolve(world.cwd, path),
    ...databaseOf(world, place, config),
  }
}

function databaseOf(world: World, place: Place, config: () => Config) {
  let chosen: Access | undefined
  const access = (): Access => (chosen ??= accessTo(world, place))
  const project = (): Project => projectOf(config())
  return {
    hasStore: () => access().isThere(),
    withStore: async (work) => withStoreOf(access(), project(), world.now().getTime(), work),
    withKeeper: async (work) =>
      toldOf(access(), async () => work(await access().keeper(project()), access().target)),
    told: () => {
      const { db_target, target_source } = access().target
      return { status: 'ok', db_target, target_source }
    },
  } satisfies Partial<DurableContext>
}

function projectOf({ durable: { project } }: Config): Project {
  const [org = '', slug, ...more] = project.split('/')
  if (org !== '' && slug !== undefined && slug !== '' && more.length === 0) return { org, slug }
  throw new OperationError('CONFIG_INVALID', `durable.project must be ORGANISATION/PROJECT, got ${project}`)
}
