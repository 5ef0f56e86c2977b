import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the broker of this run listens (see broker.ts). */
    readonly broker: string
  }
}

/** Asks the broker for something that is made once per run, and waits until it is there. */
export async function askBroker(what: string): Promise<unknown> {
  const answer = await fetch(`${inject('broker')}/${what}`, { method: 'POST' })
  const body = await answer.text()
  if (!answer.ok) throw new Error(body)
  return JSON.parse(body)
}
