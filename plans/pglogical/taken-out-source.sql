-- Somebody takes a table out of belt's set: its changes no longer travel.
select pglogical.replication_set_remove_table('belt_shop_84ade8cf_f', 'public.orders');
