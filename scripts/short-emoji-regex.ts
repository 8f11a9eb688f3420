/** What string-width takes for an emoji, by the Unicode that node knows and a form of UTS 51: the library's list is of 2019. */

/** Finds every emoji, those of several characters as one. */
const emojiRegex = (): RegExp =>
  /\p{RI}{2}|(?:\p{Emoji_Presentation}|\p{Emoji}(?=[\uFE0F\p{EMod}]))[\uFE0F\u20E3\p{EMod}\u{E0020}-\u{E007F}]*(?:\u200D\p{Emoji}[\uFE0F\p{EMod}]*)*/gu

export { emojiRegex as 'module.exports' }
