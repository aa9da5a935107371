import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What a core and a GiB of memory cost an hour, by platform; of when and from where the prices are. */
export const Prices = z.object({
  date: z.string(),
  region: z.string(),
  currency: z.string(),
  sources: z.record(z.string(), z.string()),
  hourly: z.record(
    z.string(),
    z.object({ core: z.number().nonnegative(), memoryGiB: z.number().nonnegative() }),
  ),
});
export type Prices = z.infer<typeof Prices>;

/** The project's own prices, or those of a file of the same form. Throws what is wrong with it. */
export async function readPrices(file: string | URL): Promise<Prices> {
  return Prices.parse(JSON.parse(await readFile(file, 'utf8')));
}

export const ourPrices = new URL('./prices.json', import.meta.url);

/** Price of one core with its memory, for a second. */
export function corePerSecond(prices: Prices, platform: string, memoryGiBPerCore: number): number {
  const hourly = prices.hourly[platform];
  if (!hourly) throw new Error(`no price for ${platform}`);
  return (hourly.core + hourly.memoryGiB * memoryGiBPerCore) / 3600;
}
