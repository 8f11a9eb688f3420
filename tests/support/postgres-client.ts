/** One connection to PostgreSQL for the length of a function. */
import pg from 'pg'

/** What `work` returns is returned when the connection is closed. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
