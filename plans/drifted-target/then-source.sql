-- After stage replicating was reached, a release changes a function.
create or replace function public.no_refunds() returns trigger language plpgsql as $$
begin
  if new.total < old.total then raise exception 'no refunds, sorry'; end if;
  return new;
end $$;
