/** How many packs may be asked for over a span of days. */
export interface CoverDemand {
  mean: number
  /** The probability that at most so many are asked for. */
  atMost(packs: number): number
  /** The fewest packs that are enough with at least this probability. */
  enoughFor(probability: number): number
  /** Packs that are asked for and not there, on average, when `stock` were there at the beginning: E[(D − S)⁺]. */
  shortage(stock: number): number
}

/** More than any kiosk holds; a demand that is larger is only told as "more". */
const MOST = 2_000
const REST = 1e-10

/**
 * Demand with a mean and a variance of `dispersion` times the mean: a Poisson distribution where that is 1, a negative
 * binomial one where it is more (of type 1: Cameron and Trivedi, Regression Analysis of Count Data, §3.3.1), so that days
 * that vary alike add up to the same kind. Less than 1 is taken for 1: chance alone may look that regular. `means` are those
 * of covers that begin on different days, each as likely as the others. The shortage is the loss function of an order-up-to
 * level under periodic review (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, §7.9).
 */
export function coverDemand(means: readonly number[], dispersion: number): CoverDemand {
  const times = new Map<number, number>()
  for (const each of means) times.set(each, (times.get(each) ?? 0) + 1)
  const all = [...times].map(([each, count]) => ({
    upTo: distribution(each, Math.max(1, dispersion)),
    share: count / means.length,
  }))
  const longest = Math.max(1, ...all.map(({ upTo }) => upTo.length))
  const upTo = Array.from({ length: longest }, (_none, packs) =>
    all.reduce((sum, each) => sum + each.share * (each.upTo[packs] ?? 1), 0),
  )
  const mean = [...times].reduce((sum, [each, count]) => sum + (each * count) / means.length, 0)
  const short = shortages(mean, upTo)
  return {
    mean,
    atMost: packs => (packs < 0 ? 0 : (upTo[Math.floor(packs)] ?? 1)),
    enoughFor(probability) {
      const found = upTo.findIndex(share => share >= probability)
      return found < 0 ? longest : found
    },
    shortage: stock => short[Math.max(0, Math.floor(stock))] ?? 0,
  }
}

/** The probabilities of at most 0, 1, 2 … packs, until hardly anything is left. */
function distribution(mean: number, dispersion: number): number[] {
  if (mean <= 0) return [1]
  const poisson = dispersion < 1 + 1e-6
  const size = mean / (dispersion - 1)
  const keep = 1 - 1 / dispersion
  // In logarithms: with a mean of some hundreds the first of them is smaller than any number.
  let log = poisson ? -mean : -size * Math.log(dispersion)
  const upTo: number[] = []
  let sum = 0
  for (let packs = 0; packs < MOST && sum < 1 - REST; packs++) {
    sum = Math.min(1, sum + Math.exp(log))
    upTo.push(sum)
    log += Math.log(poisson ? mean / (packs + 1) : ((packs + size) / (packs + 1)) * keep)
  }
  return upTo
}

/** E[(D − S)⁺] = E[D] − Σ P(D > k) for k from 0 to S − 1, for each S. */
function shortages(mean: number, upTo: readonly number[]): number[] {
  let left = mean
  const all = [left]
  for (const share of upTo) {
    left = Math.max(0, left - (1 - share))
    all.push(left)
  }
  return all
}
