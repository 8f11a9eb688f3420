/** Mermaid's own parser without a browser: whether code hosts would draw a diagram, and what would stand in it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, runInContext } from 'node:vm'

interface Mermaid {
  readonly parse: (text: string) => Promise<unknown>
  readonly mermaidAPI: {
    readonly getDiagramFromText: (text: string) => Promise<{ readonly db: Database }>
  }
}

interface Database {
  readonly getTasks?: () => readonly {
    readonly task: string
    readonly section: string
    readonly startTime: Date
    readonly endTime: Date
  }[]
  readonly getVertices?: () => ReadonlyMap<string, { readonly text: string }>
}

/** What the parser understood; throws where it understands nothing. */
export async function readDiagram(text: string): Promise<Database> {
  mermaid ??= load()
  await mermaid.parse(text)
  return (await mermaid.mermaidAPI.getDiagramFromText(text)).db
}

/** The words that are drawn: codes such as `#58;` are kept aside by the parser until the drawing. */
export const drawn = (text: string): string =>
  text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)))

let mermaid: Mermaid | undefined

function load(): Mermaid {
  const path = createRequire(import.meta.url).resolve('@mermaid-js/tiny')
  const document = { nodeType: 9, implementation: {}, createElement: () => ({}) }
  const window = { document, Element: Object, addEventListener: () => undefined }
  const world = { document, window, structuredClone, TextEncoder, URL, console, setTimeout }
  runInContext(readFileSync(path, 'utf8'), createContext(world))
  return (world as unknown as { readonly mermaid: Mermaid }).mermaid // the script puts it there
}
