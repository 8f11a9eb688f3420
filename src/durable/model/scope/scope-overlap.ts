/** Whether two scopes may meet in a path, told from their entries alone; where that cannot be told, they may. */
import { isGlob, readEntry } from './scope-entry.ts'
import type { Scope } from './scope.ts'

/** Two entries, one of each scope, that may admit the same path. */
export interface Meeting {
  readonly one: string
  readonly other: string
}

/**
 * The entries by which two scopes may meet; none means that no path is in both. An undeclared scope meets nothing, as
 * nothing is known of it.
 */
export function meetingsOf(one: Scope, other: Scope): readonly Meeting[] {
  const denied = [...one.deny, ...other.deny].map(read)
  const free = ({ allow }: Scope): readonly Entry[] =>
    allow.map(read).filter((entry) => !denied.some((deny) => covers(deny, entry)))
  const others = free(other)
  return free(one).flatMap((mine) =>
    others
      .filter((theirs) => mayMeet(mine.steps, theirs.steps))
      .map((theirs) => ({ one: mine.entry, other: theirs.entry })),
  )
}

interface Entry {
  readonly entry: string
  readonly steps: readonly Step[]
}

type Step = Name | 'any'

/** One name of a path, whole or by how it begins and ends; 'any' is any number of names. */
interface Name {
  readonly start: string
  readonly end: string
  readonly isWhole: boolean
}

function read(entry: string): Entry {
  const { path, isDirectory } = readEntry(entry)
  const steps: Step[] = []
  for (const name of path.split('/')) {
    const step = isGlob(path) ? stepOf(name) : whole(name)
    if (step === undefined) return { entry, steps: [...steps, like(textBefore(name), ''), 'any'] }
    steps.push(step)
  }
  return { entry, steps: isDirectory ? [...steps, 'any'] : steps }
}

/** Undefined for brackets, and for braces that hold more than plain text: what these admit may reach over a `/`. */
function stepOf(name: string): Step | undefined {
  if (name === '**') return 'any'
  const bare = name.replaceAll(/\{[^{}[\]*]*\}/g, '*')
  if (/[[\]{}]/.test(bare)) return undefined
  if (!isGlob(bare)) return whole(name)
  return like(textBefore(bare), /[^*?]*$/.exec(bare)?.[0] ?? '')
}

const whole = (name: string): Name => ({ start: name, end: name, isWhole: true })
const like = (start: string, end: string): Name => ({ start, end, isWhole: false })
const textBefore = (name: string): string => /^[^*?[\]{}]*/.exec(name)?.[0] ?? ''

/** Whether all that an entry admits is in a directory that another one stands for. */
function covers({ steps: directory }: Entry, { steps }: Entry): boolean {
  const names = directory.slice(0, -1)
  return directory.at(-1) === 'any' && names.every((name, index) => isSameName(name, steps[index]))
}

function isSameName(one: Step, other: Step = 'any'): boolean {
  return one !== 'any' && other !== 'any' && one.isWhole && other.isWhole && one.start === other.start
}

function mayMeet(one: readonly Step[], other: readonly Step[]): boolean {
  const dead = new Set<string>()
  const from = (i: number, j: number): boolean => {
    const [mine, theirs] = [one[i], other[j]]
    if (mine === undefined && theirs === undefined) return true
    const at = `${i} ${j}`
    if (dead.has(at)) return false
    dead.add(at)
    if (mine === 'any') return from(i + 1, j) || (theirs !== undefined && from(i, j + 1))
    if (theirs === 'any') return from(i, j + 1) || (mine !== undefined && from(i + 1, j))
    return mine !== undefined && theirs !== undefined && isAlike(mine, theirs) && from(i + 1, j + 1)
  }
  return from(0, 0)
}

function isAlike(one: Name, other: Name): boolean {
  if (one.isWhole) return fits(one.start, other)
  if (other.isWhole) return fits(other.start, one)
  return either(one.start, other.start, 'startsWith') && either(one.end, other.end, 'endsWith')
}

const fits = (name: string, { start, end, isWhole }: Name): boolean =>
  isWhole
    ? name === start
    : name.startsWith(start) && name.endsWith(end) && name.length >= start.length + end.length

const either = (one: string, other: string, reaches: 'startsWith' | 'endsWith'): boolean =>
  one[reaches](other) || other[reaches](one)
