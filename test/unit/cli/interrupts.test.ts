import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { watchInterrupts } from '../../../src/cli/interrupts.js'

describe('Ctrl-C', () => {
  it('cancels at once where nothing needs to be finished', () => {
    const source = new EventEmitter()
    const { stop, cancel, received } = watchInterrupts(source, () => undefined)
    source.emit('SIGINT', 'SIGINT')
    expect([stop.aborted, cancel.aborted, received()]).toEqual([true, true, 'SIGINT'])
  })

  it('first stops, then cancels, then gives up', () => {
    const source = new EventEmitter()
    const gaveUp: string[] = []
    const told: string[] = []
    const { stop, cancel, received, graceful } = watchInterrupts(source, (signal) => gaveUp.push(signal))
    graceful(() => told.push('stopping'))
    source.emit('SIGTERM', 'SIGTERM')
    expect([stop.aborted, cancel.aborted, told]).toEqual([true, false, ['stopping']])
    source.emit('SIGINT', 'SIGINT')
    expect([cancel.aborted, gaveUp, received()]).toEqual([true, [], 'SIGTERM'])
    source.emit('SIGINT', 'SIGINT')
    expect(gaveUp).toEqual(['SIGINT'])
  })

  it('a closed terminal stops as Ctrl-C does, but never hurries, however often it is told', () => {
    const source = new EventEmitter()
    const gaveUp: string[] = []
    const { stop, cancel, received, graceful } = watchInterrupts(source, (signal) => gaveUp.push(signal))
    graceful(() => undefined)
    for (let times = 0; times < 4; times += 1) source.emit('SIGHUP', 'SIGHUP')
    expect([stop.aborted, cancel.aborted, received(), gaveUp]).toEqual([true, false, 'SIGHUP', []])
    source.emit('SIGTERM', 'SIGTERM')
    expect([cancel.aborted, gaveUp]).toEqual([true, []])
  })
})
