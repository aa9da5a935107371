import { type Order, refusalOf } from '@spillway/client';
import { outputFiles } from '@spillway/contracts';
import { eachOf } from '@spillway/runtime';
import { addressesIn, inOneFolder, isList, placeInFolder } from './one-folder.ts';

const FETCHES_AT_ONCE = 8;

/**
 * Fetches every file of a finished order, as a player would find them, and hands each to `save`: the
 * parts that were encoded apart come into one folder, and playlists name them there. Throws `ApiError`.
 */
export async function downloadOutput(
  api: string,
  order: Order,
  save: (name: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  if (!order.playback) throw new Error(`Order ${order.id} has no output to download.`);
  const { hlsUrl, dashUrl, posterUrl, thumbnailsUrl, mp4Url } = order.playback;
  const root = new URL(`v1/orders/${order.id}/`, api);
  const qcUrl = new URL(outputFiles.qc, new URL(posterUrl, api)).href;
  const seen = new Set<string>();
  const fetchFile = async (url: string): Promise<string[]> => {
    const response = await fetch(url);
    if (!response.ok) throw await refusalOf(response);
    const bytes = Buffer.from(await response.arrayBuffer());
    const name = placeInFolder(decodeURIComponent(url.slice(root.href.length)));
    if (!isList(name)) {
      await save(name, bytes);
      return [];
    }
    const list = bytes.toString();
    await save(name, Buffer.from(inOneFolder(list)));
    return addressesIn(name, list).map((address) => new URL(address, url).href);
  };
  const named = [hlsUrl, dashUrl, posterUrl, thumbnailsUrl, mp4Url, qcUrl];
  let next = named.flatMap((url) => (url === null ? [] : new URL(url, api).href));
  while (next.length > 0) {
    const found: string[] = [];
    for (const url of next) seen.add(url);
    await eachOf(next, FETCHES_AT_ONCE, async (url) => void found.push(...(await fetchFile(url))));
    next = [...new Set(found)].filter((url) => !seen.has(url));
  }
}
