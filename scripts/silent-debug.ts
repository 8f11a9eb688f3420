/** In place of debug, which simple-git tells its steps to where DEBUG asks for them: they are told to nobody, in 8 KB less. */

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
