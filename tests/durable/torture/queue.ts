/** The queue as one would explain it on a page: tickets in a map, no database. What the stores are held against. */

export interface Entry {
  readonly key: string
  readonly priority: number
  readonly order: number | undefined
  readonly wave: number
  readonly batch: string | undefined
  readonly needs: readonly string[]
}

interface Ticket extends Entry {
  readonly number: number
  status: 'OPEN' | 'CLAIMED' | 'IN_PROGRESS' | 'BLOCKED' | 'FAILED' | 'CLOSED'
  isDone: boolean
  holder: string | undefined
  claim_no: number
  leased_until_ms: number
}

type Move = 'start' | 'block' | 'unblock' | 'release' | 'close' | 'fail' | 'cancel' | 'reopen'

const LEADS: Readonly<Record<Move, Partial<Record<Ticket['status'], Ticket['status']>>>> = {
  start: { CLAIMED: 'IN_PROGRESS' },
  block: { CLAIMED: 'BLOCKED', IN_PROGRESS: 'BLOCKED', BLOCKED: 'BLOCKED' },
  unblock: { BLOCKED: 'CLAIMED' },
  release: { CLAIMED: 'OPEN', IN_PROGRESS: 'OPEN', BLOCKED: 'OPEN' },
  close: { CLAIMED: 'CLOSED', IN_PROGRESS: 'CLOSED', BLOCKED: 'CLOSED' },
  fail: { CLAIMED: 'FAILED', IN_PROGRESS: 'FAILED', BLOCKED: 'FAILED' },
  cancel: { OPEN: 'CLOSED', CLAIMED: 'CLOSED', IN_PROGRESS: 'CLOSED', BLOCKED: 'CLOSED' },
  reopen: { FAILED: 'OPEN', CLOSED: 'OPEN' },
}

export class Queue {
  readonly #tickets = new Map<string, Ticket>()
  readonly #lease_ms: number

  constructor(lease_ms: number) {
    this.#lease_ms = lease_ms
  }

  intake(entry: Entry): string {
    if (this.#tickets.has(entry.key)) return 'known'
    const fresh = { number: this.#tickets.size, status: 'OPEN', isDone: false, holder: undefined } as const
    this.#tickets.set(entry.key, { ...entry, ...fresh, claim_no: 0, leased_until_ms: 0 })
    return 'new'
  }

  renew(session: string, now_ms: number): void {
    for (const ticket of this.#all())
      if (ticket.holder === session) ticket.leased_until_ms = now_ms + this.#lease_ms
  }

  claimNext(session: string, now_ms: number): string {
    this.renew(session, now_ms)
    const held = this.#slotOf(session)
    if (held !== undefined) return `${held.key} ${held.claim_no}`
    const free = this.#all().filter(
      (one) => this.#isReady(one) && (one.status === 'OPEN' || isStale(one, now_ms)),
    )
    const [best] = free.toSorted(byTurn)
    return best === undefined ? 'nothing' : this.#take(best, session, now_ms)
  }

  claim(key: string, session: string, now_ms: number): string {
    this.renew(session, now_ms)
    const held = this.#slotOf(session)
    if (held !== undefined && held.key !== key) return 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
    const ticket = this.#tickets.get(key)
    if (ticket === undefined) return 'UNKNOWN_TICKET'
    if (ticket.holder === session) return `${key} ${ticket.claim_no}`
    if (ticket.status === 'OPEN' || isStale(ticket, now_ms)) return this.#take(ticket, session, now_ms)
    return ticket.holder === undefined ? 'TICKET_ALREADY_CLOSED' : 'TICKET_CLAIMED_BY_OTHER_SESSION'
  }

  move(
    move: Move,
    key: string,
    { session, now_ms, claim_no }: { session: string; now_ms: number; claim_no: number | undefined },
  ): string {
    this.renew(session, now_ms)
    const ticket = this.#tickets.get(key)
    if (ticket === undefined) return 'UNKNOWN_TICKET'
    if (move !== 'cancel' && move !== 'reopen') {
      if (ticket.holder !== session) return 'TICKET_NOT_OWNED_BY_SESSION'
      if (claim_no !== undefined && claim_no !== ticket.claim_no) return 'CLAIM_LOST'
      const held = this.#slotOf(session)
      if (move === 'unblock' && held !== undefined && held !== ticket)
        return 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
    }
    const to = LEADS[move][ticket.status]
    if (to === undefined) return 'TRANSITION_REFUSED'
    ticket.status = to
    ticket.isDone = move === 'close'
    if (to === 'OPEN' || to === 'CLOSED' || to === 'FAILED') ticket.holder = undefined
    return to
  }

  /** The keys of what the session has in hand: what is blocked first. */
  heldBy(session: string): readonly string[] {
    const held = this.#all().filter(({ holder }) => holder === session)
    return held
      .toSorted((one, other) => Number(other.status === 'BLOCKED') - Number(one.status === 'BLOCKED'))
      .map(({ key }) => key)
  }

  /** Who has what, and where everything stands. */
  standing(): readonly string[] {
    return this.#all().map(({ key, status, holder, claim_no, leased_until_ms }) =>
      [key, status, holder ?? '-', claim_no, holder === undefined ? '-' : leased_until_ms].join(' '),
    )
  }

  #all(): readonly Ticket[] {
    return [...this.#tickets.values()]
  }

  /** What is blocked leaves its holder free for other work. */
  #slotOf(session: string): Ticket | undefined {
    return this.#all().find(({ holder, status }) => holder === session && status !== 'BLOCKED')
  }

  #isReady(ticket: Ticket): boolean {
    const waits = ticket.needs.some((key) => key !== ticket.key && this.#tickets.get(key)?.isDone === false)
    const isEarlier = (other: Ticket): boolean =>
      other.batch !== undefined && other.batch === ticket.batch && other.wave < ticket.wave
    const isOver = ({ status }: Ticket): boolean => status === 'CLOSED' || status === 'FAILED'
    return !waits && !this.#all().some((other) => isEarlier(other) && !isOver(other))
  }

  #take(ticket: Ticket, session: string, now_ms: number): string {
    Object.assign(ticket, { status: 'CLAIMED', holder: session, claim_no: ticket.claim_no + 1 })
    ticket.leased_until_ms = now_ms + this.#lease_ms
    return `${ticket.key} ${ticket.claim_no}`
  }
}

const isStale = ({ status, leased_until_ms }: Ticket, now_ms: number): boolean =>
  (status === 'CLAIMED' || status === 'IN_PROGRESS') && leased_until_ms <= now_ms

function byTurn(one: Ticket, other: Ticket): number {
  const order = ({ order }: Ticket): number => order ?? Number.MAX_SAFE_INTEGER
  return one.priority - other.priority || order(one) - order(other) || one.number - other.number
}
