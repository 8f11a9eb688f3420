/** The kinds of field an operation's input may have: flat scalars and lists, each with the rules its text obeys. */
import { Array as ArrayOf, Boolean, Enum, Integer, String, type TObject } from 'typebox'

/** How a field is read from text: a required `text` keeps words such as "null"; all others take them as absent. */
export type FieldKind =
  'text' | 'long_text' | 'texts' | 'long_texts' | 'word' | 'path' | 'list' | 'flag' | 'integer'

export const KIND = 'x-kind'

/** Where a field says in words what its pattern asks for. */
export const FORM = 'x-form'

/** Free text of one option, at most 1,000 characters. */
export const text = (description: string) =>
  String({ description, [KIND]: 'text', minLength: 1, maxLength: 1000 })

/** Free text that may be long: also taken from `--x-file PATH`, and from standard input when the value is `-`. */
export const longText = (description: string) =>
  String({ description, [KIND]: 'long_text', minLength: 1, maxLength: 200_000 })

/** Free texts: the option may be repeated, or hold a JSON array of strings. */
export const texts = (description: string) =>
  ArrayOf(String({ minLength: 1, maxLength: 10_000 }), { description, [KIND]: 'texts', maxItems: 100 })

/** Long texts: the option may be repeated, and each value is read as a long text is; only a real JSON array is several. */
export const longTexts = (description: string) =>
  ArrayOf(String({ minLength: 1, maxLength: 200_000 }), { description, [KIND]: 'long_texts', maxItems: 100 })

/** One line without control characters and without what cannot be seen, such as an agent's name: two must not look alike. */
export const word = (description: string) => formed(description, VISIBLE, 'one line of visible text')

const VISIBLE =
  '^[^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]+$'

/** A word of a given form; `form` says in words what the pattern asks for. */
export const formed = (description: string, pattern: string, form: string) =>
  String({ description, [KIND]: 'word', [FORM]: form, minLength: 1, maxLength: 200, pattern })

/** One word out of a fixed set. */
export const choice = <const W extends string[]>(words: readonly [...W], description: string) =>
  Enum(words, { description, [KIND]: 'word' })

/** A file or folder, as the caller's working directory sees it. */
export const path = (description: string) =>
  String({ description, [KIND]: 'path', minLength: 1, maxLength: 4000, pattern: '^[^\\u0000]+$' })

/** Comma-separated words, or a JSON array of strings. */
export const list = (description: string) =>
  ArrayOf(String({ minLength: 1, maxLength: 200 }), { description, [KIND]: 'list', maxItems: 200 })

/** True when given bare; `=true|false|1|0|yes|no|on|off` and `--no-x` are understood too. */
export const flag = (description: string) => Boolean({ description, [KIND]: 'flag' })

/** A whole number, zero or more. */
export const count = (description: string, minimum = 0, maximum = 1_000_000) =>
  Integer({ description, [KIND]: 'integer', minimum, maximum })

/** The names an object schema requires; typebox leaves the list out when there are none. */
export const requiredOf = (schema: TObject): readonly string[] =>
  (schema as { readonly required?: readonly string[] }).required ?? []

/** What tells one schema of a field from another: all but the words that only people read. */
export const fieldKey = (field: unknown): string =>
  JSON.stringify(field, (key, part: unknown) => (/^(description$|x-|~)/.test(key) ? undefined : part))
