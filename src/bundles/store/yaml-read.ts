/** What a YAML text holds, read by the library: a reason with its line when it cannot be used, never a crash. */
import { Composer, Parser } from 'yaml'
import type { Read } from '../model/raw.ts'

/** The value of a text; a reason with its line when it has none. */
export function readDocument(text: string): Read<unknown> {
  const composer = new Composer({ prettyErrors: false, logLevel: 'error' })
  const [document, second] = [...composer.compose(new Parser().parse(text), true, text.length)]
  // The first of several would hide the others, and an edit would lose them.
  const pos = second?.range[0]
  const error =
    pos === undefined ? document?.errors[0] : { pos: [pos], message: 'multiple documents; one is expected' }
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    return { ok: false, reason: `line ${line}: ${error.message}` }
  }
  try {
    const anchors: unknown[] = []
    const value: unknown = document?.toJS({ maxAliasCount: 20, onAnchor: (node) => anchors.push(node) })
    JSON.stringify(anchors) // an anchor that holds itself has no end
    return { ok: true, value }
  } catch (error) {
    const [reason = 'not readable'] = error instanceof Error ? error.message.split('\n') : []
    return { ok: false, reason } // survived: an alias bomb, or a circle
  }
}
