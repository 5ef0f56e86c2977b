import type { SchemaObject, SchemaScript } from '../../../src/catalog/schema-script.js'
import { parseScript } from '../../../src/inspect/script/parse-script.js'

/** An entry as pg_dump writes it: its comment and its statements, each closed by a semicolon. */
export function entry(name: string, type: string, ...statements: readonly string[]): string {
  const header = `--\n-- Name: ${name.replaceAll(/[\r\n]/g, ' ')}; Type: ${type}; Schema: public; Owner: app\n--\n\n`
  return header + statements.map((statement) => `${statement};\n\n\n`).join('')
}

/** A whole dump around entries. */
export function dump(...entries: readonly string[]): string {
  return `--
-- PostgreSQL database dump
--

\\restrict Abc123

-- Dumped from database version 17.10
-- Dumped by pg_dump version 17.10

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

SET default_tablespace = '';

SET default_table_access_method = heap;

${entries.join('')}--
-- PostgreSQL database dump complete
--

\\unrestrict Abc123

`
}

export async function script(...entries: readonly string[]): Promise<SchemaScript> {
  return parseScript(dump(...entries), { kind: 'native', version: '17.10' })
}

/** The only object that one entry makes. */
export async function only(type: string, ...statements: readonly string[]): Promise<SchemaObject> {
  const { objects } = await script(entry('some name', type, ...statements))
  const [object, ...more] = objects
  if (object === undefined || more.length > 0) throw new Error(`${String(objects.length)} objects`)
  return object
}

export function statementsOf(parsed: SchemaScript): readonly string[] {
  return parsed.objects.flatMap(({ statements }) => statements)
}
