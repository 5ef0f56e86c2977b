/** What came of logging in with the replication role's password as the spec gives it (rule 21). */
export type LoginProbe = 'ok' | 'wrong-password' | 'no-such-role' | 'not-allowed' | 'unknown'
