import type { KnownProduct, LaneAdvice } from './advice-words.ts'
import type { History, ProductHistory } from './history-words.ts'

/** One decimal is all that a history knows. */
export const rounded = (value: number): string => (Math.round(value * 10) / 10).toFixed(1)
const share = (value: number): string => `${Math.min(99.9, Math.floor(value * 1_000) / 10).toFixed(1)} %`
const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`)
const packs = (count: number): string => (count === 1 ? '1 pack' : `${count} packs`)
const scripts = (count: number): string => (count === 1 ? '1 prescription' : `${count} prescriptions`)

/** What was seen. */
export function productSays({ demand }: KnownProduct, past: ProductHistory): string[] {
  const away = demand.days - demand.in_stock_days
  return [
    `${scripts(past.scripts)} asked for ${packs(past.asked)}; ${past.lost_scripts === 0 ? 'none' : past.lost_scripts} of them ${past.lost_scripts > 1 ? 'were' : 'was'} lost because it was not here.`,
    ...(past.no_lane > 0
      ? [`${past.no_lane} of those were refused because no lane holds it; each is counted as one pack.`]
      : []),
    ...(past.sent_away > 0 ? [`${past.sent_away} times somebody stood there and it was not.`] : []),
    ...(away >= 0.1
      ? [
          `It was not here for ${rounded(away)} of ${rounded(demand.days)} days: that few asked for it then is not taken for little demand.`,
        ]
      : []),
    ...(demand.dispersion >= 1.3
      ? [`It is asked for in bursts: its variance is ${rounded(demand.dispersion)} times its mean.`]
      : []),
    ...(past.unclaimed > 0 ? [`${scripts(past.unclaimed)} came to nothing and gave the packs back.`] : []),
    ...(past.expired + past.short_dated > 0
      ? [`${packs(past.expired)} expired here, and ${past.short_dated} more were taken out for their date.`]
      : []),
    ...(past.refused.size > 0
      ? [
          `Refused when it was loaded: ${[...past.refused].map(([why, count]) => `${count} ${why}`).join(', ')}.`,
        ]
      : []),
  ]
}

/** How the par level comes about. */
export function levelSays(
  { cover_mean, need, expiry_limit: limit, now, proposed, capacity }: KnownProduct,
  { service, cover, min_days_to_expiry }: { service: number; cover: number; min_days_to_expiry: number },
): string[] {
  return [
    `Over ${days(cover)} ${rounded(cover_mean)} packs are asked for on average; ${need} are enough ${share(service)} of the time.`,
    ...(limit !== undefined && limit < need
      ? [
          `More than ${limit} would not be taken before their last ${min_days_to_expiry} days, going by the dates with which they came.`,
        ]
      : []),
    ...(need > capacity ? [`Its lanes hold ${capacity}.`] : []),
    proposed.par === now.par
      ? `Par stays ${now.par}: it lasts ${share(now.service)} of the time and loses ${rounded(now.lost_scripts)} prescriptions a week.`
      : `Par ${now.par} to ${proposed.par}: it lasts ${share(proposed.service)} of the time instead of ${share(now.service)}, and loses ${rounded(proposed.lost_scripts)} prescriptions a week instead of ${rounded(now.lost_scripts)}.`,
  ]
}

/** Where even all of it is not enough. */
export function laneSays(
  { need, moved, expiry_limit: limit }: KnownProduct,
  { most, holds, often, cover }: { most: number; holds: number; often: number; cover: number },
): string[] {
  if (holds >= need) return []
  const fill =
    often >= cover
      ? []
      : often > 0
        ? [`Filled ${often === 1 ? 'every day' : `every ${often} days`} it would be enough.`]
        : ['Even a fill each day is not enough.']
  if (limit !== undefined && limit <= holds)
    return [`It stays below the ${need} that are needed, because of its dates.`, ...fill]
  if (most < need)
    return [`Even all ${most} places into which it fits would not be enough for the ${need} needed.`, ...fill]
  return [
    `${moved ? 'With these lanes there' : 'There'} is room for ${holds}, and ${need} are needed.`,
    ...fill,
  ]
}

/** Why a lane should hold something else. */
export function moveSays(
  { lane, from, to }: Omit<LaneAdvice, 'says'>,
  told: (gtin: string) => KnownProduct | undefined,
): string {
  const [giver, taker] = [told(from), told(to)]
  if (!giver || !taker) return ''
  const keeps = giver.moved ?? giver.proposed
  const gets = taker.moved ?? taker.proposed
  const less = taker.proposed.lost_scripts - gets.lost_scripts
  const more = keeps.lost_scripts - giver.proposed.lost_scripts
  const costs = more >= 0.05 ? ` and loses ${rounded(more)} prescriptions a week more` : ''
  const saves =
    less >= 0.05 ? `loses ${rounded(less)} prescriptions a week less` : `gives up another lane instead`
  return `Lane ${lane} from ${giver.name} to ${taker.name}: then ${giver.name} lasts ${share(keeps.service)} of the time${costs}, ${taker.name} ${saves}.`
}

/** A lane that fails so often of its turns is worth a look before it gets more to do. */
const OFTEN = 0.03

/** What is no matter of numbers of packs. */
export const lookSays = ({ lanes }: History): string[] =>
  [...lanes].flatMap(([name, { turns, jams, doubts, failed }]) =>
    jams + doubts + failed >= 2 && jams + doubts + failed >= OFTEN * turns
      ? [
          `Lane ${name}: of ${turns} turns ${jams} jammed, ${doubts} ended in doubt and ${failed} did not move. No par level mends that.`,
        ]
      : [],
  )
