-- Kinds that came with 18.
create table app.newer (a integer, b integer generated always as (a * 2) virtual,
  constraint a_known not null a not valid,
  constraint a_small check (a < 10) not enforced);
create extension btree_gist with schema app;
create table app.booked (room integer, at daterange, primary key (room, at without overlaps));
create table app.cleaned (room integer, at daterange,
  foreign key (room, period at) references app.booked (room, period at));
