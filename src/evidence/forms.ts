/** The kinds of evidence, and how what somebody gives as evidence is read: each value is prose, or typed line by line. */

/** Every kind, and how one gives it. Prose is evidence too, and there is nothing in it to check. */
const EXAMPLES = {
  text: 'a sentence in words',
  commit: 'commit:SHA',
  file: 'file:PATH',
  cmd: 'cmd:COMMAND',
  url: 'url:ADDRESS',
  pr: 'pr:NUMBER',
  attest: 'attest:TEXT',
} as const

export type AnyKind = keyof typeof EXAMPLES
export type Kind = Exclude<AnyKind, 'text'>

export const ANY_KINDS = Object.keys(EXAMPLES) as readonly AnyKind[] // its own keys
const KINDS = ANY_KINDS.filter((kind): kind is Kind => kind !== 'text')

export const isKind = (word: unknown): word is Kind => KINDS.some((kind) => kind === word)

export const exampleOf = (kind: AnyKind): string => EXAMPLES[kind]

export const isCommitId = (text: string): boolean => /^[0-9a-f]{7,64}$/i.test(text)

export interface Item {
  readonly kind: Kind
  readonly value: string
}

export interface Evidence {
  /** Every value word for word, joined by line breaks; undefined when none was given. */
  readonly text: string | undefined
  readonly items: readonly Item[]
  readonly kinds: readonly AnyKind[]
  /** Values that begin as typed evidence does and are prose all the same: probably a slip. */
  readonly doubtful: readonly string[]
}

/** Reads the values of one `--evidence` after the other. */
export function readEvidence(values: readonly string[] = []): Evidence {
  const read = values.map((value) => ({ value, items: itemsOf(value) }))
  const items = read.flatMap((one) => one.items)
  const prose = read.filter((one) => one.items.length === 0).map(({ value }) => value)
  return {
    text: values.length === 0 ? undefined : values.join('\n'),
    items,
    kinds: [...items.map(({ kind }) => kind), ...(prose.length === 0 ? [] : (['text'] as const))],
    doubtful: prose.filter((value) => LOOKS_TYPED.test(value)),
  }
}

const LOOKS_TYPED = RegExp(`^\\s*(${KINDS.join('|')}):`, 'i')

/**
 * The items of one value when each of its lines is `kind:value`; else none, and it is prose. One other line among them
 * is enough, so that the output of a program, pasted whole, never starts a command.
 */
export function itemsOf(value: string): readonly Item[] {
  const lines = value.split(/\r?\n/).filter((line) => line.trim() !== '')
  const items = lines.flatMap((line) => itemOf(line) ?? [])
  return items.length === lines.length ? items : []
}

/** No space behind the colon, as prose has it, and nothing that cannot be seen. */
function itemOf(line: string): Item | undefined {
  const [, kind, value = ''] = /^([a-z]+):(\S[\t\P{Cc}]*)$/u.exec(line.trimEnd()) ?? []
  return isKind(kind) && (kind !== 'commit' || isCommitId(value)) ? { kind, value } : undefined
}
