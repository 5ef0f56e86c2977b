-- Kinds that came with 14.
alter table app.customers alter column notes set compression pglz;
create function app.merge_texts(a text, b text) returns text language sql immutable begin atomic select a || b; end;
create table app.spans (many int4multirange);
