import type { Operation } from '../core/table-part.js'
import type { EngineName, FenceMethod, HookMoment, HookSpec, KeylessMethod, Stage, TlsMode } from './spec.js'

/** A secret reference as the file writes it; file paths may be relative. */
export type RawSecret =
  | { readonly env: string; readonly file?: never; readonly command?: never }
  | { readonly file: string; readonly env?: never; readonly command?: never }
  | { readonly command: readonly string[]; readonly env?: never; readonly file?: never }

export interface RawTls {
  readonly mode: TlsMode
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface RawEndpoint {
  readonly url?: string | RawSecret
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly admin?: { readonly user?: string; readonly password?: RawSecret }
  readonly tls?: TlsMode | RawTls
  readonly reachable_at?: {
    readonly host?: string
    readonly port?: number
    readonly tls?: TlsMode
    readonly ca_on_server?: string
  }
}

export interface RawHook {
  readonly name: string
  readonly command?: readonly string[]
  readonly sql?: string
  readonly on?: 'source' | 'target'
  readonly timeout?: string
  readonly handover?: HookSpec['handover']
}

/** One migration as schemas/spec.schema.json accepts it, before defaults. */
export interface RawSpec {
  readonly name: string
  readonly stage: Stage
  readonly engine?: EngineName
  readonly source: RawEndpoint
  readonly target: RawEndpoint & { readonly preview_roles?: readonly string[] }
  readonly scope?: {
    readonly schemas?: readonly string[]
    readonly tables?: {
      readonly exclude?: readonly string[]
      readonly schema_only?: readonly string[]
      readonly with_rows?: readonly string[]
      readonly row_filters?: Readonly<Record<string, string>>
      readonly column_lists?: Readonly<Record<string, readonly string[]>>
      readonly operations?: Readonly<Record<string, readonly Operation[]>>
    }
  }
  readonly roles: {
    readonly replication: { readonly name?: string; readonly password: RawSecret }
    readonly copy?: readonly string[]
  }
  readonly keyless?: { readonly default?: KeylessMethod; readonly tables?: Readonly<Record<string, KeylessMethod>> }
  readonly copy?: { readonly method?: 'subscription' | 'parallel'; readonly jobs?: number }
  readonly indexes?: { readonly jobs?: number; readonly max_stall?: string }
  readonly replicate?: { readonly failover?: boolean }
  readonly sequences?: { readonly margin?: number }
  readonly cutover?: {
    readonly fence?: FenceMethod
    readonly except_roles?: readonly string[]
    readonly max_lag?: string
    readonly max_pause?: string
    readonly verify?: 'full' | 'sample' | 'none'
    readonly verify_max_age?: string
  }
  readonly hooks?: Readonly<Partial<Record<HookMoment, readonly RawHook[]>>>
  readonly reverse?: { readonly enabled?: boolean }
  readonly gone?: 'source' | 'target'
  readonly verify?: {
    readonly jobs?: number
    readonly rate?: string
    readonly chunk?: number
    readonly sample?: number
  }
  readonly state?: { readonly backend?: 'local' | 'postgres'; readonly path?: string }
  readonly approve?: readonly {
    readonly hazard: string
    readonly action: string
    readonly reason: string
    readonly until: string
    readonly digest?: string
  }[]
}
