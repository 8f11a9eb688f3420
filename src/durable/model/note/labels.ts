/** Reads what stands before the words of a task: a checkbox, and the label that says what is to become of it. */

export const RESOLUTIONS = [
  'materialize_ticket',
  'defer',
  'map_to_review_followup',
  'absorb_into_current_work',
] as const

/** Only `materialize_ticket` becomes a ticket. */
export type Resolution = (typeof RESOLUTIONS)[number]

export interface LabelledText {
  readonly isDone: boolean
  readonly resolution: Resolution
  /** Without box and label. */
  readonly text: string
}

/** `[ ]`, `[x]` and one label, such as `[defer]`, in any order; a word in brackets that is no label is text. */
export function readLabels(written: string): LabelledText {
  let isDone = false
  let resolution: Resolution | undefined
  let text = written
  for (;;) {
    const [whole, word = ''] = /^\[([A-Za-z _-]{0,40})\](?=\s|$)/.exec(text) ?? []
    if (whole === undefined) break
    const label = resolutionOf(word)
    if (!isBox(word) && (label === undefined || resolution !== undefined)) break
    isDone ||= word.toLowerCase() === 'x'
    resolution ??= label
    text = text.slice(whole.length).trimStart()
  }
  return { isDone, resolution: resolution ?? 'materialize_ticket', text }
}

const isBox = (word: string): boolean => /^(?:| |x)$/i.test(word)

function resolutionOf(word: string): Resolution | undefined {
  const name = word.trim().toLowerCase().replaceAll(/[ -]/g, '_')
  return RESOLUTIONS.find((resolution) => resolution === name)
}
