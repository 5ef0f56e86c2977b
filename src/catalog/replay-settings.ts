/**
 * Session settings under which the statements of a SchemaScript mean what they meant in the dump, as pg_dump itself
 * sets them: every name is qualified, function bodies may name what comes later, tables are heaps unless they say so.
 */
export const REPLAY_SETTINGS: Readonly<Record<string, string>> = {
  search_path: '',
  check_function_bodies: 'off',
  default_table_access_method: 'heap',
  default_tablespace: '',
  row_security: 'off',
  standard_conforming_strings: 'on',
  xmloption: 'content',
}
