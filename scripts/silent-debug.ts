/** In place of debug, to which simple-git tells its steps where DEBUG asks for them: here they are told to nobody. */

interface Teller {
  (...told: readonly unknown[]): void
  readonly namespace: string
  readonly extend: (name: string) => Teller
}

const silent: Teller = Object.assign((): void => undefined, {
  namespace: 'simple-git',
  extend: (): Teller => silent,
})

const debug = Object.assign((_name: string): Teller => silent, { formatters: {} })

export { debug as default }
