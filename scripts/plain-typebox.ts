/**
 * What the built program has in place of typebox: the same builders, giving the plain JSON Schema alone. The types come
 * from the library, and so does every file that is generated; a running command only reads names, kinds and words.
 */

type Options = Readonly<Record<string, unknown>>
type Schema = Options & { readonly [IS_OPTIONAL]?: true }

const IS_OPTIONAL = Symbol('optional')

const typed =
  (type: string) =>
  (options?: Options): Schema => ({ type, ...options })

export const String = typed('string')
export const Integer = typed('integer')
export const Number = typed('number')
export const Boolean = typed('boolean')
export const Null = typed('null')
export const Unknown = (options?: Options): Schema => ({ ...options })
export const Literal = (value: unknown): Schema => ({ type: typeof value, const: value })
export const Enum = (words: readonly string[], options?: Options): Schema => ({
  enum: [...words],
  ...options,
})
export const Unsafe = (schema: Schema): Schema => schema
export const Array = (items: Schema, options?: Options): Schema => ({ type: 'array', items, ...options })
export const Union = (anyOf: readonly Schema[]): Schema => ({ anyOf })
export const Optional = (schema: Schema): Schema => ({ ...schema, [IS_OPTIONAL]: true })

const ObjectOf = (properties: Readonly<Record<string, Schema>>, options?: Options): Schema => {
  const required = Object.keys(properties).filter((name) => properties[name]?.[IS_OPTIONAL] !== true)
  return { type: 'object', ...(required.length === 0 ? {} : { required }), properties, ...options }
}
export { ObjectOf as Object }
