/** Text as it may stand in YAML as a key or in a list: bare where YAML reads it back as the same string, else quoted. */
export function yamlWord(text: string): string {
  const bare = /^[a-z_][a-z0-9_.]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n|_+)$/.test(text)
  return bare ? text : `'${text.replaceAll("'", "''")}'`
}
