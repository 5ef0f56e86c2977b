import { describe, expect, it } from 'vitest'
import { actionId } from '../../../src/actions/base.js'
import type { ApplyEvent, ApplyHappening } from '../../../src/apply/apply-event.js'
import { eventJson } from '../../../src/render/progress/event-json.js'
import { eventText } from '../../../src/render/progress/event-text.js'
import { liveLines } from '../../../src/render/progress/live-lines.js'
import { follow, NO_PROGRESS, type Progress } from '../../../src/render/progress/progress.js'
import { textStyle } from '../../../src/render/text/style.js'
import { HOSTILE } from './support/plan.js'

const COPY = actionId('copy', 'target')
const SLOT = actionId('slot', 'source')
const at = (second: number): string => `2026-11-05T10:00:${String(second).padStart(2, '0')}.000Z`
const event = (second: number, happening: ApplyHappening): ApplyEvent => ({ at: at(second), ...happening })
const started = (action: typeof COPY, title: string, number: number, second: number): ApplyEvent =>
  event(second, { type: 'action-started', action, title, side: 'target', number, of: 9, repairs: false })

const blocker = {
  pid: 4711,
  user: 'app',
  application: 'psql',
  state: 'idle in transaction',
  ageMs: 180_000,
  text: 'psql (process 4711, idle in transaction for 180 s, user app)',
}

const EVENTS: readonly ApplyEvent[] = [
  event(0, { type: 'started', run: 'r1', migration: 'shop', plan: 'd', actions: 9, to: 'replicating' }),
  event(1, { type: 'inspecting', why: 'before' }),
  event(2, { type: 'checked', pending: 7, done: 2, repairs: 1, resumed: true }),
  started(SLOT, 'replication slot belt_shop_f', 3, 3),
  event(5, { type: 'action-waiting', action: SLOT, waitedMs: 2000, reasons: [], blockers: [blocker] }),
  event(9, { type: 'action-done', action: SLOT, ms: 6000, evidence: {} }),
  started(COPY, 'every table copied', 4, 9),
  event(12, {
    type: 'action-progress',
    action: COPY,
    unit: 'bytes',
    done: 1_000_000_000,
    total: 4_000_000_000,
    etaSeconds: 95,
    detail: '3 of 12 tables',
    tables: [{ table: 'public.orders', bytes: 800_000_000, totalBytes: 2_000_000_000, rows: 1234 }],
  }),
]

function after(events: readonly ApplyEvent[]): Progress {
  return events.reduce(follow, NO_PROGRESS)
}

describe('progress', () => {
  it('is one line an event for a log, actions by their titles', () => {
    const lines = EVENTS.map((e, i) => eventText(e, after(EVENTS.slice(0, i))))
    expect(lines).toEqual([
      'run r1 of shop to replicating: 9 actions',
      'reading both databases',
      'going on: 7 to do, 2 done before, 1 to repair',
      '[3/9] target replication slot belt_shop_f',
      '[3/9] target replication slot belt_shop_f: waiting for 2.0 s; psql (process 4711, idle in transaction for 180 s, user app)',
      '[3/9] target replication slot belt_shop_f: done in 6.0 s',
      '[4/9] target every table copied',
      '[4/9] target every table copied: 25%, 954 MB of 3.73 GB, about 1 min 35 s left; 3 of 12 tables',
    ])
  })

  it('draws what runs, how far it is, and for how long', () => {
    expect(liveLines(after(EVENTS), Date.parse(at(20)), textStyle(false, 100))).toEqual([
      '… target  every table copied  11 s',
      '    █████░░░░░░░░░░░░░░░ 25%, 954 MB of 3.73 GB, about 1 min 35 s left; 3 of 12 tables',
      '      public.orders  763 MB of 1.86 GB, 1,234 rows',
      '3 of 9 done, 20 s',
    ])
  })

  it('names who is in the way until there is progress again', () => {
    const waiting = liveLines(after(EVENTS.slice(0, 5)), Date.parse(at(5)), textStyle(false, 100))
    expect(waiting.join('\n')).toContain('process 4711')
    expect(liveLines(after(EVENTS.slice(0, 6)), Date.parse(at(9)), textStyle(false, 100)).join('\n')).not.toContain(
      '4711',
    )
  })

  it('never draws a line that the terminal would wrap or act on', () => {
    const hostile = [started(COPY, HOSTILE.repeat(20), 1, 0)]
    for (const line of liveLines(after(hostile), Date.parse(at(1)), textStyle(false, 80))) {
      expect([...line].length).toBeLessThan(80)
      expect(line).not.toMatch(/[\u0000-\u001f\u202e]/)
    }
    expect(eventText(hostile[0] ?? event(0, { type: 'notice', message: '' }), NO_PROGRESS)).not.toMatch(
      /[\u0000-\u001f]/,
    )
  })

  it('is versioned JSON, one line an event', () => {
    for (const e of EVENTS) {
      const line = eventJson(e)
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(JSON.parse(line)).toEqual({ v: 1, ...e })
    }
  })
})
