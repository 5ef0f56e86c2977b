-- Another tool writes a password of its own into the interface by which the target's worker reaches the source.
update pglogical.node_interface set if_dsn = replace(if_dsn, 'only-for-this-test', 'of-somebody-else');
