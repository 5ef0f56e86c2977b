/** Whether a password can stand in a libpq password file, which ends an entry at a line break. */
export function fitsPasswordFile(password: string): boolean {
  return !/[\r\n]/.test(password)
}

/** An entry of a libpq password file for any server: the file exists for one connection only. */
export function passwordFileEntry(password: string): string {
  return `*:*:*:*:${password.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}\n`
}
