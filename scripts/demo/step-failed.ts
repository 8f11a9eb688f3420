/** The end of a demo in which something went otherwise than it should. */

/** A command gave an answer that the play has no use for. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly words: readonly string[]
  readonly answer: unknown

  constructor(words: readonly string[], answer: unknown) {
    super(`${words.join(' ')}: ${JSON.stringify(answer)}`)
    this.words = words
    this.answer = answer
  }
}
