/** A table with a key and one without, in a schema of their own. */
export const thingsAndNotes = (schema: string): string => `
  create schema ${schema};
  create table ${schema}.things (id integer primary key, name text);
  create table ${schema}.notes (note text);
  insert into ${schema}.things select i, 'thing ' || i from generate_series(1, 200) as i;
  insert into ${schema}.notes select 'note ' || i from generate_series(1, 50) as i;
  create index on ${schema}.things (name);`
