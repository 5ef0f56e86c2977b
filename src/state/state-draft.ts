import type { ActionRecord, Pair, State } from './state.js'
import type { Transition } from './transition.js'

/**
 * A state while transitions are folded into it. A plan may have 60,000 actions: copying the whole record for each of
 * their 120,000 transitions would take minutes, so a draft keeps maps and makes a State only when asked.
 */
export class StateDraft {
  #fixed: Omit<State, 'actions' | 'marks' | 'pairs'>
  readonly #actions: Map<string, ActionRecord>
  readonly #marks: Map<string, State['marks'][string]>
  #pairs: Readonly<Record<string, Pair>>

  constructor(state: State) {
    const { actions, marks, pairs, ...fixed } = state
    this.#fixed = fixed
    this.#actions = new Map(Object.entries(actions))
    this.#marks = new Map(Object.entries(marks))
    this.#pairs = pairs
  }

  get serial(): number {
    return this.#fixed.serial
  }

  get paused(): State['paused'] {
    return this.#fixed.paused
  }

  actionRecord(id: string): ActionRecord | undefined {
    return this.#actions.get(id)
  }

  apply(transition: Transition): void {
    this.#change(transition)
    this.#fixed = { ...this.#fixed, serial: this.#fixed.serial + 1 }
  }

  /**
   * Folds in what turns out to have happened before others that are folded in already: those about the same action or
   * mark have the last word again, as they have it in the journal.
   */
  applyBefore(transition: Transition, later: readonly Transition[]): void {
    this.apply(transition)
    const about = new Set(namedBy(transition))
    for (const one of later) if (namedBy(one).some((name) => about.has(name))) this.#change(one)
  }

  toState(): State {
    return {
      ...this.#fixed,
      actions: Object.fromEntries(this.#actions),
      marks: Object.fromEntries(this.#marks),
      pairs: this.#pairs,
    }
  }

  #change(t: Transition): void {
    switch (t.kind) {
      case 'run-started':
        this.#fixed = { ...this.#fixed, run: t.run }
        return
      case 'run-finished':
        if (this.#fixed.run) this.#fixed = { ...this.#fixed, run: { ...this.#fixed.run, finishedAt: t.at } }
        return
      case 'action-running':
        this.#actions.set(t.action, { status: 'running', plan: t.plan, run: t.run, startedAt: t.at })
        return
      case 'action-done':
        this.#actions.set(t.action, { ...this.#began(t), status: 'done', finishedAt: t.at, evidence: t.evidence })
        for (const mark of t.marks) this.#marks.set(mark, { at: t.at })
        return
      case 'action-failed':
        this.#actions.set(t.action, { ...this.#began(t), status: 'failed', finishedAt: t.at, error: t.error })
        return
      case 'paused':
        this.#fixed = { ...this.#fixed, paused: t.paused }
        return
      case 'resumed': {
        const { paused: _, ...rest } = this.#fixed
        this.#fixed = rest
        return
      }
      case 'pairs-recorded':
        this.#pairs = t.pairs
        return
      case 'mark-set':
        this.#marks.set(t.mark, { at: t.at, evidence: t.evidence })
        return
      case 'marks-dropped':
        for (const mark of t.marks) this.#marks.delete(mark)
        return
      case 'stage-reached':
        this.#fixed = { ...this.#fixed, stage: t.stage }
        return
      case 'server-identified':
        this.#fixed = { ...this.#fixed, [t.side]: t.server }
        return
    }
  }

  #began(t: { readonly action: string; readonly plan: string; readonly run: string; readonly at: string }) {
    const before = this.#actions.get(t.action)
    const startedAt = before?.status === 'running' && before.plan === t.plan ? before.startedAt : t.at
    return { plan: t.plan, run: t.run, startedAt }
  }
}

/** The actions and marks that a transition says something of. */
function namedBy(t: Transition): readonly string[] {
  const marks = (names: readonly string[]): readonly string[] => names.map((name) => `mark ${name}`)
  switch (t.kind) {
    case 'action-running':
    case 'action-failed':
      return [`action ${t.action}`]
    case 'action-done':
      return [`action ${t.action}`, ...marks(t.marks)]
    case 'mark-set':
      return marks([t.mark])
    case 'marks-dropped':
      return marks(t.marks)
    case 'server-identified':
      return [`${t.kind} ${t.side}`]
    case 'paused':
    case 'resumed':
      return ['paused']
    case 'run-started':
    case 'run-finished':
      return ['run']
    case 'pairs-recorded':
    case 'stage-reached':
      return [t.kind]
  }
}

/** The state after one transition. */
export function afterTransition(state: State, transition: Transition): State {
  const draft = new StateDraft(state)
  draft.apply(transition)
  return draft.toState()
}
