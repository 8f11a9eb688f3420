/** A state machine as a table: which event leads from which state to which. */

export interface LifecycleTable<State extends string, Event extends string> {
  readonly title: string
  readonly initial: State
  readonly states: readonly State[]
  /** States in which the thing counts as finished. */
  readonly final: readonly State[]
  readonly events: Readonly<Record<Event, Readonly<Partial<Record<State, State>>>>>
  /** What an event asks for besides the state, for the picture only. */
  readonly notes?: Readonly<Partial<Record<Event, string>>>
}

export interface Lifecycle<State extends string, Event extends string> extends LifecycleTable<State, Event> {
  readonly eventNames: readonly Event[]
  /** The state after `event`, or undefined when it is refused in `state`. */
  next(state: State, event: Event): State | undefined
  /** The events that `state` accepts. */
  accepts(state: State): readonly Event[]
  isFinal(state: State): boolean
  isState(text: unknown): text is State
  /** A Mermaid state diagram. */
  toMermaid(): string
}

/** Promises that every state named in the table is declared, once; throws TypeError on a table that is wrong. */
export function lifecycle<const State extends string, const Event extends string>(
  table: LifecycleTable<State, Event>,
): Lifecycle<State, Event> {
  assertSound(table)
  const eventNames = Object.keys(table.events) as Event[] // the keys of a Record<Event, …> are Events
  const next = (state: State, event: Event): State | undefined => table.events[event][state]
  return {
    ...table,
    eventNames,
    next,
    accepts: (state) => eventNames.filter((event) => next(state, event) !== undefined),
    isFinal: (state) => table.final.includes(state),
    isState: (text): text is State => (table.states as readonly unknown[]).includes(text),
    toMermaid: () => drawMermaid(table, eventNames),
  }
}

function assertSound({ title, states, initial, final, events }: LifecycleTable<string, string>): void {
  const named = Object.values(events).flatMap((moves) => Object.entries(moves).flat())
  const stranger = [initial, ...final, ...named].find(
    (state) => state !== undefined && !states.includes(state),
  )
  if (stranger !== undefined) throw new TypeError(`${title}: ${stranger} is none of its states`)
  if (new Set(states).size < states.length) throw new TypeError(`${title}: a state is declared twice`)
}

function drawMermaid<State extends string, Event extends string>(
  table: LifecycleTable<State, Event>,
  eventNames: readonly Event[],
): string {
  const arrows = table.states.flatMap((from) =>
    eventNames.flatMap((event) => {
      const to = table.events[event][from]
      const note = table.notes?.[event]
      return to === undefined
        ? []
        : [`  ${from} --> ${to}: ${event}${note === undefined ? '' : ` (${note})`}`]
    }),
  )
  const ends = table.final.map((state) => `  ${state} --> [*]`)
  return ['stateDiagram-v2', `  [*] --> ${table.initial}`, ...arrows, ...ends].join('\n')
}
