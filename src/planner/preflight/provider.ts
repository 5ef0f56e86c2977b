import { providerOf } from '../../catalog/provider.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'

/** Which managed services belt takes the servers for, since it plans differently there. */
export function checkProvider(context: MigrationContext): readonly Diagnostic[] {
  return SIDES.flatMap((side): readonly Diagnostic[] => {
    const provider = providerOf(context[side])
    if (!provider) return []
    const { me } = context[side]
    const message = `the ${side} is ${provider.title}; belt plans for its roles and settings as the provider documents them`
    if (me.superuser || me.memberOf.includes(provider.admin))
      return [{ severity: 'info', code: 'provider', side, message }]
    return [
      {
        severity: 'warning',
        code: 'provider',
        side,
        message: `${message}, and ${me.name} is not a member of ${provider.admin}, which most of the plan needs there`,
        fix: `Use a login that is a member of ${provider.admin} as ${side}.admin.`,
      },
    ]
  })
}
