import { hasErrors, type Diagnostic } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import { buildSpec } from './build-spec.js'
import { checkMigration } from './check-migration.js'
import { readYaml } from './read-yaml.js'
import { onePerPlace, shown, specError } from './report.js'
import { type ReadHookFile, readHookFiles } from './read-hook-files.js'
import { resolvePath } from './resolve-path.js'
import { resolveUrl, type SecretResolver } from './resolve-url.js'
import { allMigrations, holdsMany, oneMigration, type Selection } from './select-migrations.js'
import type { Spec } from './spec.js'
import { approvalsOver } from './approvals-over.js'
import type { SpecTree } from './spec-tree.js'
import { createShapeValidator, validateShape, type ShapeValidator } from './validate-shape.js'

export interface LoadContext {
  /** For `${env:NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads the secret behind `url:`; BeltErrors become diagnostics, others (an abort) are passed on. */
  readonly resolveSecret: SecretResolver
  /** Absolute folder of the spec file: relative paths in it start here. */
  readonly baseDir: string
  /** Reads what the hooks run; without it their files stay unread, and no handover can be planned with them. */
  readonly readHookFile?: ReadHookFile
  /** The day (YYYY-MM-DD, UTC) for which approvals that have run out are told; without it nobody asks. */
  readonly today?: string
  /** One from `createShapeValidator`, to share between many loads; compiling it takes some 30 ms. */
  readonly validator?: ShapeValidator
}

export interface LoadOptions {
  /** Which of the file's migrations, by name. */
  readonly migration?: string | undefined
}

/**
 * Reads one migration of a spec file. With any error there is no spec; warnings come with it.
 * Diagnostics are in the order of the file.
 */
export async function loadSpec(
  text: string,
  file: string,
  ctx: LoadContext,
  options: LoadOptions = {},
): Promise<{ readonly spec?: Spec; readonly diagnostics: readonly Diagnostic[] }> {
  const { specs, diagnostics } = await load(text, file, ctx, (tree) => oneMigration(tree, options.migration))
  const [spec] = specs
  return spec === undefined ? { diagnostics } : { spec, diagnostics }
}

/** Reads every migration of a spec file, in its order; with any error there are none. */
export async function loadSpecs(
  text: string,
  file: string,
  ctx: LoadContext,
): Promise<{ readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { specs, diagnostics } = await load(text, file, ctx, allMigrations)
  const all = onePerPlace([...diagnostics, ...sharedStateFiles(specs)])
  return { specs: hasErrors(all) ? [] : specs, diagnostics: all }
}

async function load(
  text: string,
  file: string,
  ctx: LoadContext,
  select: (tree: SpecTree) => Selection,
): Promise<{ readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] }> {
  const read = readYaml(text, file, ctx.env)
  if (read.tree === undefined) return { specs: [], diagnostics: onePerPlace(read.diagnostics) }
  const validator = ctx.validator ?? createShapeValidator()
  const selection = select(read.tree)
  const whole = holdsMany(read.tree) ? validateShape(read.tree, validator).diagnostics : []
  const loaded: Loaded[] = []
  for (const tree of selection.trees) loaded.push(await loadMigration(tree, validator, ctx))
  const ofMigrations = loaded.flatMap((l) => l.diagnostics)
  const all = onePerPlace([...read.diagnostics, ...ofMigrations, ...selection.diagnostics, ...whole])
  return { specs: hasErrors(all) ? [] : loaded.flatMap((l) => l.spec ?? []), diagnostics: all }
}

interface Loaded {
  readonly spec?: Spec
  readonly diagnostics: readonly Diagnostic[]
}

async function loadMigration(written: SpecTree, validator: ShapeValidator, ctx: LoadContext): Promise<Loaded> {
  const { tree, diagnostics: shape } = validateShape(written, validator)
  const resolve = (path: string): string => resolvePath(ctx.baseDir, path)
  const [source, target] = await Promise.all(SIDES.map((side) => resolveUrl(tree, side, ctx.resolveSecret, resolve)))
  const urls = { ...(source?.url && { source: source.url }), ...(target?.url && { target: target.url }) }
  const diagnostics = [
    ...[...tree.places.values()].flatMap((place) => place.problems),
    ...shape,
    ...[source, target].flatMap((side) => side?.diagnostics ?? []),
    ...checkMigration(tree, urls),
    ...(ctx.today === undefined ? [] : approvalsOver(tree, ctx.today)),
  ]
  if (hasErrors(diagnostics) || !validator.accepts(tree.data)) return { diagnostics }
  const spec = buildSpec(tree.data, urls, tree, resolve)
  if (ctx.readHookFile === undefined) return { spec, diagnostics }
  const read = await readHookFiles(spec, resolve, ctx.readHookFile)
  return {
    ...(hasErrors(read.diagnostics) ? {} : { spec: read.spec }),
    diagnostics: [...diagnostics, ...read.diagnostics],
  }
}

function sharedStateFiles(specs: readonly Spec[]): readonly Diagnostic[] {
  const seen = new Map<string, string>()
  return specs.flatMap((spec) => {
    if (spec.state.backend !== 'local') return []
    const other = seen.get(spec.state.path)
    seen.set(spec.state.path, spec.name)
    if (other === undefined) return []
    const message = `migrations ${shown(other)} and ${shown(spec.name)} would share one state file`
    return [
      specError('spec-conflict', spec.positions['state.path'], message, 'give each a `state.path` of its own, or none'),
    ]
  })
}
