import type { Catalog } from '../catalog/catalog.js'
import type { Inspection } from '../catalog/inspection.js'
import type { LoginProbe } from '../catalog/login-probe.js'
import type { Side } from '../core/side.js'
import { otherSide } from '../core/side.js'
import { dumpSchema } from '../postgres/dump/dump-schema.js'
import { inSameCluster } from '../postgres/same-cluster.js'
import type { BothSides } from './both-sides.js'
import { inspectDatabase } from './inspect.js'
import { withLatestPosition } from './latest-position.js'
import { parseScript } from './script/parse-script.js'
import { probeReplicationLogin } from './replication-login.js'
import { probeParts } from './probe-parts.js'
import { readStreams } from './streams/read-streams.js'
import { together } from './together.js'

/** Reads both databases as they are now; changes nothing on either. */
export async function inspectBoth(sides: BothSides, signal: AbortSignal): Promise<Inspection> {
  const sameCluster = await inSameCluster(sides.sessions.source, sides.sessions.target)
  const [source, target] = await together(
    signal,
    (either) => inspectSide(sides, 'source', either),
    (either) => inspectSide(sides, 'target', either),
  )
  const replicationLogin = {
    source: await probeReplicationLogin(sides, source, signal),
    target: await probeReplicationLogin(sides, target, signal),
  }
  const { parts } = sides.input.spec.scope
  return {
    source: await withLatestPosition(source, sides.sessions.source),
    target: await withLatestPosition(target, sides.sessions.target),
    sameCluster,
    replicationLogin,
    ...(parts === undefined ? {} : { parts: await probeParts(parts, source, sides.sessions.source) }),
    streams: await readStreams(sides, { source, target }, signal),
  }
}

/** The target by itself, when there is no source any more. */
export async function inspectTarget(
  sides: BothSides,
  signal: AbortSignal,
): Promise<{ readonly target: Catalog; readonly login: LoginProbe }> {
  const target = await inspectSide(sides, 'target', signal)
  return {
    target: await withLatestPosition(target, sides.sessions.target),
    login: await probeReplicationLogin(sides, target, signal),
  }
}

function inspectSide(sides: BothSides, side: Side, signal: AbortSignal): Promise<Catalog> {
  const session = sides.sessions[side]
  return inspectDatabase(
    session,
    { side },
    async (snapshot, abort) => {
      const { text, tool } = await dumpSchema(
        {
          connection: sides.settings[side],
          serverMajor: session.major,
          // Both sides are read by the same program where one fits both, so that equal objects read the same.
          otherServerMajor:
            sides.input.spec.gone === otherSide(side) ? session.major : sides.sessions[otherSide(side)].major,
          snapshot,
          searchPath: sides.input.searchPath,
        },
        abort,
      )
      return parseScript(text, tool)
    },
    signal,
  )
}
