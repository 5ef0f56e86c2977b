-- Nothing was written meanwhile, so that no row is missing.
select pglogical.replication_set_add_table('belt_shop_84ade8cf_f', 'public.orders');
