import type { Side } from '../core/side.js'
import type { DemoStage } from './demo-spec.js'
import type { LiveWrites } from './live-writes.js'

/** What the demo needs to take its migration to another stage. */
export interface Journey {
  readonly say: (text: string) => void
  /** Runs `belt …`; fails unless it exits with 0. */
  readonly run: (args: readonly string[]) => Promise<void>
  readonly writes: LiveWrites
  /** Writes belt.yaml anew for a stage. */
  readonly write: (stage: DemoStage) => Promise<void>
  /** The lines on approvals that belt.yaml has for a stage. */
  readonly approvals: (stage: DemoStage) => string
}

const SERVES: Readonly<Record<DemoStage, Side>> = { replicating: 'source', cutover: 'target', 'rolled-back': 'source' }

const WORDS: Readonly<Record<DemoStage, string>> = {
  cutover: 'Now the cutover. The fence and the point of no return need somebody who has judged them:',
  'rolled-back': 'Suppose it does not please. The way back is the same, mirrored, with approvals of its own:',
  replicating: 'The source serves again and feeds the target; from here another cutover can be planned.',
}

/** Asks for a stage in the spec, plans, applies, and waits until the writers write on the side that serves then. */
export async function goThere(journey: Journey, stage: DemoStage): Promise<void> {
  const { say, run, writes } = journey
  await journey.write(stage)
  say(WORDS[stage])
  const handover = stage !== 'replicating'
  say(`$ edit belt.yaml\nstage: ${stage}\n${handover ? journey.approvals(stage) : ''}`)
  const plan = `plans/${stage}.json`
  await run(['plan', '--out', plan])
  await run(['apply', plan, '--yes'])
  await writes.writesOn(SERVES[stage])
  const move = writes.lastMove()
  if (handover && move !== undefined) {
    say(
      `The writers noticed: ${String(Math.round(move.ms))} ms from their last commit on the ${move.from} to the first on the ${move.to}.\n`,
    )
  }
  await run(['status'])
}
