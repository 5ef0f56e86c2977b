import path from 'node:path'
import type { StartOptions } from '../../src/embedded/server.js'
import { runProgram } from '../../src/embedded/program.js'
import { askBroker } from './broker-client.js'

/** The majors that Debian ships with pglogical and client tools. */
export type DebianMajor = 13 | 15 | 17 | 18

/** The folder of Debian's programs of a major (server, pg_dump, psql, pglogical); fetched on first use. */
export async function debianTree(major: DebianMajor): Promise<string> {
  return (await askBroker(`debian/${String(major)}`)) as string
}

export async function pgDumpFor(major: DebianMajor): Promise<string> {
  return path.join(await debianTree(major), 'pg_dump')
}

export async function psqlFor(major: DebianMajor): Promise<string> {
  return path.join(await debianTree(major), 'psql')
}

/** Options for `ownServer` that start Debian's server of a major with pglogical loaded. */
export async function withPglogical(major: DebianMajor): Promise<StartOptions> {
  const bin = await debianTree(major)
  const known = await runProgram(path.join(bin, 'postgres'), ['--describe-config'])
  return {
    major,
    programs: path.dirname(bin),
    settings: {
      shared_preload_libraries: 'pglogical',
      track_commit_timestamp: 'on',
      // Minors from 15.19, 17.11 and 18.5 on refuse output plugins that are not named here.
      ...(known.stdout.includes('output_plugin_libraries')
        ? { output_plugin_libraries: 'pgoutput, test_decoding, pglogical_output' }
        : {}),
    },
  }
}
