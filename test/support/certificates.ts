import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** PEM texts, and the files that hold them (the key's with mode 0600). */
export interface Certificate {
  readonly certificate: string
  readonly key: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** A certificate authority of the test's own. */
export interface Authority {
  readonly ca: string
  readonly caFile: string
  /**
   * A certificate for a server or a client, valid for a day.
   *
   * @param commonName the name of the role when it is for a client
   * @param altNames such as `DNS:localhost` or `IP:127.0.0.1`
   */
  issue(commonName: string, altNames?: readonly string[]): Promise<Certificate>
}

/** Makes an authority with the openssl program, which must be installed. */
export async function makeAuthority(name = 'belt test authority'): Promise<Authority> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'certificates-'))
  const caFile = path.join(folder, 'ca.crt')
  const caKey = path.join(folder, 'ca.key')
  const constraints = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]
  await openssl([...request(caKey, name), '-x509', '-days', '1', '-out', caFile, ...constraints])
  let serial = 0
  return {
    ca: await readFile(caFile, 'utf8'),
    caFile,
    issue: async (commonName, altNames = []) => {
      serial += 1
      const at = (ending: string): string => path.join(folder, `${String(serial)}.${ending}`)
      await openssl([...request(at('key'), commonName), '-out', at('csr')])
      const extensions = altNames.length === 0 ? '' : `subjectAltName=${altNames.join(',')}\n`
      await writeFile(at('ext'), `basicConstraints=CA:FALSE\n${extensions}`)
      const signer = ['-CA', caFile, '-CAkey', caKey, '-set_serial', String(serial + 1), '-days', '1']
      await openssl(['x509', '-req', '-in', at('csr'), ...signer, '-extfile', at('ext'), '-out', at('crt')])
      const [certificate, key] = await Promise.all([readFile(at('crt'), 'utf8'), readFile(at('key'), 'utf8')])
      return { certificate, key, certificateFile: at('crt'), keyFile: at('key') }
    },
  }
}

function request(keyFile: string, commonName: string): readonly string[] {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  return ['req', ...key, '-subj', `/CN=${commonName}`]
}

async function openssl(args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', args).catch((cause: unknown) => {
    throw new Error('these tests need the openssl program (apt-get install openssl)', { cause })
  })
}
