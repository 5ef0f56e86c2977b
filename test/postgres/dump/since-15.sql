-- Kinds that came with 15.
create table app.sparse (a integer unique nulls not distinct, b integer, c integer default 7,
  foreign key (b) references app.orders on delete set null (b));
create view app.asks with (security_invoker) as select * from app.orders;
