import { redactAssigned } from './redact-assigned.js'

/** `scheme://user:password@host`: greedy, for a password may hold an unescaped `@` or `/`. */
const URL_LOGIN = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)\S*@/gi
const SCRAM = /SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]*(?:\$[A-Za-z0-9+/=]*(?::[A-Za-z0-9+/=]*)?)?/g
const MD5 = /\bmd5[0-9a-f]{32}\b/gi

/** Replaces whatever looks like a password, password verifier or password hash, known or not. */
export function redactShapes(text: string, replacement: string): string {
  const plain = text.replace(SCRAM, replacement).replace(MD5, replacement).replace(URL_LOGIN, `$1${replacement}@`)
  return redactAssigned(plain, replacement)
}
