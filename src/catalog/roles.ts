import type { Setting } from './server.js'

export interface Membership {
  /** The role that is granted. */
  readonly role: string
  readonly grantor: string
  readonly admin: boolean
  /** From 16; undefined before. */
  readonly inherit?: boolean
  readonly set?: boolean
}

export interface Role {
  readonly name: string
  readonly superuser: boolean
  readonly inherit: boolean
  readonly createRole: boolean
  readonly createDb: boolean
  readonly login: boolean
  readonly replication: boolean
  readonly bypassRls: boolean
  readonly connectionLimit: number
  readonly validUntil?: string
  /** Whether pg_authid could be read and holds a verifier; never the verifier itself. */
  readonly password: 'scram' | 'md5' | 'none' | 'unreadable'
  readonly memberOf: readonly Membership[]
  /** ALTER ROLE … SET for all databases. */
  readonly settings: readonly Setting[]
  readonly comment?: string
  /** Directly granted CONNECT on this database, or through PUBLIC or membership. */
  readonly canConnect: boolean
}

/** The role belt is connected as, and what it may do here. */
export interface Me {
  readonly name: string
  readonly superuser: boolean
  readonly replication: boolean
  readonly createRole: boolean
  readonly bypassRls: boolean
  /**
   * Roles it is a member of, directly or not, and whose rights it has without SET ROLE. Of a superuser those it was made
   * a member of.
   */
  readonly memberOf: readonly string[]
  /** Roles it is a member of, directly or not, and may SET ROLE to. */
  readonly maySetRole: readonly string[]
  readonly mayCreateInDatabase: boolean
  /** May create a subscription: superuser up to 15; pg_create_subscription from 16. */
  readonly mayCreateSubscription: boolean
  /** May SET session_replication_role: superuser, or GRANT SET from 15. */
  readonly maySilenceTriggers: boolean
  /** May ask how far a subscription has applied (pg_replication_origin_progress): up to 13 superusers only, whatever was granted. */
  readonly mayReadOriginProgress: boolean
  /** May set where a subscription begins (pg_replication_origin_advance): up to 13 superusers only, whatever was granted. */
  readonly mayAdvanceOrigin: boolean
  readonly mayReadPasswords: boolean
}
