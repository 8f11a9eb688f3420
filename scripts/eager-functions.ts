/**
 * Has functions compiled together with their file. V8 compiles a function when it is first called, and node's compile
 * cache keeps what was compiled when the file was loaded, so each run would compile anew all that it calls. A function
 * in brackets ("possibly invoked function expression") is compiled with its file, and comes from the cache.
 */
import { parseSync, Visitor } from 'rolldown/utils'

interface Span {
  readonly start: number
  readonly end: number
}

interface Found extends Span {
  /** The names of the functions around it and its own; a number for one that has none. */
  readonly path: string
  /** Of a declaration: it becomes a variable. */
  readonly name?: Span
}

/** The functions of a script that brackets can stand around: expressions, arrows, and declarations on top. */
export function functionsIn(script: string): readonly Found[] {
  const found: Found[] = []
  const around: string[] = []
  const names = new Map<number, string>()
  const methods = new Set<number>()
  const counts = new Map<string, number>()
  const numberIn = (outer: string): string => {
    const count = counts.get(outer) ?? 0
    counts.set(outer, count + 1)
    return String(count)
  }
  const enter = ({ type, start, end, id }: Node): void => {
    const isOnTop = around.length === 0
    around.push(id?.name ?? names.get(start) ?? numberIn(around.join('/')))
    const path = around.join('/')
    if (type !== 'FunctionDeclaration' && !methods.has(start)) found.push({ path, start, end })
    if (type === 'FunctionDeclaration' && isOnTop && id) found.push({ path, start, end, name: id })
  }
  const leave = (): void => void around.pop()
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init) names.set(init.start, id.name)
    },
    Property: ({ key, value, method, kind }) => {
      if (key.type === 'Identifier') names.set(value.start, key.name)
      if (method || kind !== 'init') methods.add(value.start)
    },
    MethodDefinition: ({ value }) => void methods.add(value.start),
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    'FunctionDeclaration:exit': leave,
    'FunctionExpression:exit': leave,
    'ArrowFunctionExpression:exit': leave,
  }).visit(parseSync('chunk.cjs', script, { sourceType: 'script' }).program)
  return found
}

interface Node extends Span {
  readonly type: string
  readonly id?: ({ readonly name: string } & Span) | null
}

/** The script with brackets around those functions. A declaration stands in front, as it is there before all else. */
export function compiledAtOnce(script: string, isMeant: (path: string) => boolean): string {
  const meant = functionsIn(script).filter(({ path }) => isMeant(path))
  const brackets = meant
    .flatMap(({ start, end, name }) => (name ? [] : [[start, '('] as const, [end, ')'] as const]))
    .toSorted(([one], [other]) => one - other)
  const part = (from: number, to: number): string => {
    let text = ''
    let done = from
    for (const [at, bracket] of brackets) {
      if (at < from || at > to) continue
      text += script.slice(done, at) + bracket
      done = at
    }
    return text + script.slice(done, to)
  }
  let body = ''
  let done = 0
  const variables: string[] = []
  for (const { start, end, name } of meant) {
    if (!name) continue
    body += part(done, start)
    variables.push(
      `${script.slice(name.start, name.end)}=(${part(start, name.start).trimEnd()}${part(name.end, end)})`,
    )
    done = end
  }
  return `${variables.length === 0 ? '' : `var ${variables.join(',')};`}${body}${part(done, script.length)}`
}
