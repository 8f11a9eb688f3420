/** What may reach a terminal: no text of a ticket moves the cursor, turns the line around, or hides in it. */
import { stripVTControlCharacters } from 'node:util'

/** The text without escape sequences; what draws nothing itself (controls, directions, zero width) is a space. */
export const drawable = (text: string): string => stripVTControlCharacters(text).replace(UNDRAWN, ' ')

/** A line of JSON that means the same and draws all that is in it. */
export const drawableJson = (line: string): string =>
  line.replace(UNDRAWN, (characters) => characters.split('').map(escaped).join(''))

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

// Inside an emoji a joiner and a selector are drawn: they are what makes one emoji of several.
const JOINER =
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})'
const SELECTOR = '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]|(?<=[0-9#*])\\ufe0f(?=\\u20e3)'
const UNDRAWN = new RegExp(
  `(?:(?!${JOINER}|${SELECTOR})[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb])+`,
  'gu',
)
