-- Somebody has written to the target: nobody knows any more what stands there.
delete from public.orders where id % 7 = 0;
