import { device, namesOf } from './cross-check-access.ts'
import { isDraft } from './draft.ts'
import type { Complain } from './problem.ts'

/** The boards that the battery plan names are there. */
export function checkPower(draft: unknown, complain: Complain): void {
  if (!isDraft(draft) || !isDraft(draft.power)) return
  const devices = namesOf(draft, 'devices')
  for (const [name, contact] of Object.entries(draft.power))
    if (isDraft(contact)) device(contact.device, ['power', name, 'device'], devices, complain)
}
