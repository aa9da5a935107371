/** Seeded draws: the same seed gives the same simulation on every machine. */
export interface Random {
  /** From 0 up to 1. */
  uniform(): number;
  between(low: number, high: number): number;
  /** A whole number from 0 up to `count`. */
  below(count: number): number;
  normal(): number;
  /** Logarithmic normal with a median of 1. */
  lognormal(sigma: number): number;
  /** Seconds to the next of events that come at random, so many a second. */
  exponential(perSecond: number): number;
  /** Pareto with a minimum of 1. */
  pareto(alpha: number): number;
}

export function createRandom(seed: number): Random {
  // Mulberry32: 32 bits of state are plenty for a day of arrivals, and it is the same everywhere.
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    between: (low, high) => low + (high - low) * uniform(),
    below: (count) => Math.floor(uniform() * count),
    lognormal: (sigma) => Math.exp(sigma * normal()),
    exponential: (perSecond) => -Math.log(1 - uniform()) / perSecond,
    pareto: (alpha) => (1 - uniform()) ** (-1 / alpha),
  };
}
