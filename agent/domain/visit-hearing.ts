import type { Happening } from '../happenings.ts'
import type { Known } from './known.ts'
import type { VisitEvent } from './visit.ts'

/**
 * What a happening means to the visit that `workflow` has going, if it has one at that door. A door's report reaches
 * whoever's visit it is; deadlines and restarts come by name.
 */
export function hearVisit(
  workflow: string,
  happening: Happening,
  known: Known,
): { key: string; event: VisitEvent } | undefined {
  const { at } = known
  switch (happening.type) {
    case 'report': {
      const { report } = happening
      if (report.type !== 'door') return undefined
      const place = known.compartmentAt(happening.device, report.channel)?.name
      const key = keyAt(workflow, place, known)
      if (key === undefined || place === undefined) return undefined
      if (!report.open) return { key, event: { type: 'closed', at, item: known.item(place) } }
      return { key, event: { type: 'opened', seen: report.was !== undefined, at } }
    }
    case 'outcome': {
      const key = keyAt(workflow, happening.compartment, known)
      const { order, outcome } = happening
      return key === undefined ? undefined : { key, event: { type: 'outcome', order, outcome, at } }
    }
    case 'overdue':
    case 'restarted': {
      if (happening.workflow !== workflow) return undefined
      const { key } = happening
      if (happening.type === 'restarted') return { key, event: { type: 'restarted', at } }
      return { key, event: { type: 'overdue', at, door: doorOf(workflow, key, known) } }
    }
  }
  return undefined
}

function keyAt(workflow: string, compartment: string | undefined, known: Known): string | undefined {
  if (compartment === undefined) return undefined
  const standing = known.visitAt(compartment)
  return standing?.workflow === workflow ? standing.key : undefined
}

function doorOf(workflow: string, key: string, known: Known) {
  for (const standing of known.visits())
    if (standing.workflow === workflow && standing.key === key) return known.door(standing.visit.compartment)
  return 'unknown'
}
