import type { Rational } from '@spillway/contracts';

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** In lowest terms. */
export function rational(numerator: number, denominator: number): Rational {
  const common = divisor(Math.abs(numerator), denominator) || 1;
  return { numerator: numerator / common, denominator: denominator / common };
}

/** Reads "24000/1001" (or "16:15", as ffprobe writes aspect ratios); null for 0/0, 0/1 and no number. */
export function parseRational(text: string | undefined): Rational | null {
  const match = /^(\d+)[/:](\d+)$/.exec(text ?? '');
  const numerator = Number(match?.[1]);
  const denominator = Number(match?.[2]);
  return numerator > 0 && denominator > 0 ? rational(numerator, denominator) : null;
}

export const toNumber = ({ numerator, denominator }: Rational): number => numerator / denominator;

export const formatRational = ({ numerator, denominator }: Rational): string =>
  denominator === 1 ? `${numerator}` : `${numerator}/${denominator}`;
