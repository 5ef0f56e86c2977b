/** One entry of an ACL as aclexplode() gives it; grantee '' is PUBLIC. */
export interface AclItem {
  readonly grantor: string
  readonly grantee: string
  /** e.g. CONNECT, TEMPORARY, CREATE, SELECT. */
  readonly privilege: string
  readonly grantable: boolean
}
