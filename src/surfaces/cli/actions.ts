/** The actions of one operation, as the descriptions of its options tell them: `claim, close: the express ticket`. */
import type { Operation } from '../../operation/define.ts'
import { optionsOf, type Option } from '../../operation/input.ts'

interface Wanted {
  readonly options: readonly Option[]
  /** The action they are for; absent when they are all there are. */
  readonly action?: string
}

/** The options of an operation; only those of one action when one of `words` names it. */
export function optionsFor({ input, positional = [] }: Operation, words: readonly string[]): Wanted {
  const options = optionsOf(input)
  if (positional[0] !== 'action') return { options }
  const own = (action: string): readonly Option[] =>
    options.filter((option) => actionsIn(describing(option, options)).includes(action))
  const action = words.find((word) => own(word).length > 0)
  return action === undefined ? { options } : { options: own(action), action }
}

/** The file of a long text says only that it is the same. */
const describing = ({ fileOf, description }: Option, options: readonly Option[]): string =>
  options.find(({ name }) => name === fileOf)?.description ?? description

const actionsIn = (description: string): readonly string[] =>
  [...description.matchAll(/(?:^|; )([a-z]+(?:, [a-z]+)*): /g)].flatMap(([, names = '']) => names.split(', '))
