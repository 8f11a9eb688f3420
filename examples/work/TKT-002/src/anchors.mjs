// Makes the anchors of headings the way GitHub makes them.

const IMAGE = /!\[[^\]]*\]\([^)]*\)/g
const LINK = /\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g
const CODE_SPAN = /(`+[^`]+`+)/
const TAG = /<[^>]+>/g
const UNDERSCORE_EMPHASIS = /(?<![\p{L}\p{N}_])(_{1,3})(?=\S)(.*?\S)\1(?![\p{L}\p{N}_])/gu
const NOT_IN_ANCHOR = /[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]/gu

/** The anchors of one document, from the source texts of all its headings in order. */
export function anchorsOf(headings) {
  const anchors = new Set()
  for (const heading of headings) anchors.add(firstFree(slugOf(heading), anchors))
  return anchors
}

/** Spaces are not trimmed or merged: GitHub turns `🎉 A & B` into `-a--b`. */
function slugOf(heading) {
  return textOf(heading).toLowerCase().replace(NOT_IN_ANCHOR, '').replaceAll(' ', '-')
}

/** What a reader sees of the heading. Only the markup that would leave letters behind has to go. */
function textOf(heading) {
  const withoutLinks = heading.replace(IMAGE, '').replace(LINK, '$1')
  const parts = withoutLinks.split(CODE_SPAN)
  return parts.map((part) => (CODE_SPAN.test(part) ? part : withoutMarkup(part))).join('')
}

function withoutMarkup(text) {
  return text.replace(TAG, '').replace(UNDERSCORE_EMPHASIS, '$2')
}

function firstFree(slug, taken) {
  if (!taken.has(slug)) return slug
  let number = 1
  while (taken.has(`${slug}-${number}`)) number += 1
  return `${slug}-${number}`
}
