/** Something of the structure that is not on the target as it is on the source. */
export interface SchemaFinding {
  readonly area: 'object' | 'index' | 'constraint' | 'trigger' | 'sequence' | 'grant' | 'role' | 'materialized view'
  /** Key of the object, or the name of the role. */
  readonly what: string
  /** A clause: `is INVALID on the target`. */
  readonly problem: string
}
