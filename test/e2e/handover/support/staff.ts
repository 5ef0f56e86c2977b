import { quoteIdent, quoteLiteral } from '../../../../src/core/quote.js'
import { sql, uniqueName, type TestDatabase } from '../../../support/databases.js'
import type { AppRole } from './shop.js'

/** Logins that come to their right to connect in every way there is; all may write into `ledger`. */
export interface Staff {
  /** May connect because PUBLIC may. */
  readonly anybody: AppRole
  /** Has CONNECT by a grant of its own, with the right to pass it on. */
  readonly boss: AppRole
  /** Has CONNECT by a grant that the one above gave. */
  readonly hired: AppRole
  /** A member of a group that has CONNECT, which it inherits. */
  readonly clerk: AppRole
  /** A member of that group that inherits nothing, and has settings of its own for this database. */
  readonly heir: AppRole
  /** Never writes; the fence is told to let it stay. */
  readonly monitor: AppRole
  readonly group: string
}

export async function makeStaff(source: TestDatabase, owner = source.user): Promise<Staff> {
  const role = (word: string): AppRole => ({ name: uniqueName(word), password: uniqueName('password') })
  const staff: Staff = {
    anybody: role('anybody'),
    boss: role('boss'),
    hired: role('hired'),
    clerk: role('clerk'),
    heir: role('heir'),
    monitor: role('monitor'),
    group: uniqueName('lead'),
  }
  const { anybody, boss, hired, clerk, heir, monitor, group } = staff
  const database = quoteIdent(source.database)
  const login = ({ name, password }: AppRole, more = ''): string =>
    `create role ${name} login ${more} password ${quoteLiteral(password)};`
  await sql(
    source,
    `
    create role ${group};
    ${login(anybody)} ${login(boss, 'connection limit 20')} ${login(hired)} ${login(monitor)}
    ${login(clerk, `valid until '2999-01-01'`)} ${login(heir, 'noinherit')}
    grant ${group} to ${clerk.name}, ${heir.name};
    alter role ${clerk.name} set work_mem = '5MB';
    alter role ${heir.name} in database ${database} set work_mem = '6MB';
    alter database ${database} set default_transaction_read_only = off;
    grant connect on database ${database} to ${group}, ${monitor.name};
    grant connect on database ${database} to ${boss.name} with grant option;
    set role ${boss.name};
    grant connect on database ${database} to ${hired.name}, ${monitor.name};
    reset role;
    create table ledger (who text, n integer, side text default current_setting('port'), primary key (who, n));
    create table documents (n serial, body json);
    grant usage on schema public to public;
    grant select, insert on ledger, documents to public;
    grant usage on all sequences in schema public to public;
    alter table ledger owner to ${quoteIdent(owner)};
    alter table documents owner to ${quoteIdent(owner)}`,
  )
  return staff
}

export function writersOf(staff: Staff): readonly AppRole[] {
  return [staff.anybody, staff.boss, staff.hired, staff.clerk, staff.heir]
}

export function namesOf(staff: Staff): readonly string[] {
  return [staff.group, ...[...writersOf(staff), staff.monitor].map((r) => r.name)]
}
