import type { Diagnostic } from '../core/diagnostic.js'
import { settingName } from './describe-place.js'
import { specWarning } from './report.js'
import { childPointer, isList, placeOf, type SpecTree, stringAt, valueAt } from './spec-tree.js'

/** Approvals that count no more: no error, for what they were given for may be done long since. */
export function approvalsOver(tree: SpecTree, today: string): readonly Diagnostic[] {
  const approvals = valueAt(tree, '/approve')
  return (isList(approvals) ? approvals : []).flatMap((_, index) => {
    const at = `${childPointer('/approve', index)}/until`
    const until = stringAt(tree, at)
    if (until === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(until) || until >= today) return []
    return [
      specWarning(
        'spec-approval-over',
        placeOf(tree, at)?.value,
        `${settingName(at)} is \`${until}\`, which is past: the approval counts no more`,
        'remove it, or give it another last day if it is still needed',
      ),
    ]
  })
}
