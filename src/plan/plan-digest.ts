import { canonicalJson, sha256Hex } from '../core/fingerprint.js'
import type { Plan } from './plan.js'

/** SHA-256 (hex) of all that was reviewed: the plan without its volatile part. Two plans of the same thing share it. */
export function planDigest(plan: Plan): string {
  const { volatile: _, ...reviewed } = plan
  return sha256Hex(canonicalJson(reviewed))
}
