/** What imports are refused for, as the error of an operation. */
import { OperationError } from '../operation/errors.ts'
import { ImportRefused } from './store/store-keeper.ts'

/** Does the work of importing from `source`. Throws IMPORT_REFUSED. */
export async function importing<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    throw new OperationError('IMPORT_REFUSED', `${source}: ${error.message}`, { source }) // survived: it is told
  }
}
