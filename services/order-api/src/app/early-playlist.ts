import { outputFiles, trackFiles } from '@spillway/contracts';
import { earlyAudioPlaylist, earlyMaster, earlyVideoPlaylist } from '@spillway/media/playlists';
import { earlySoundOf, isPlayable } from '../domain/early-stream.ts';
import { type OrderState, outcomeOf, planOf } from '../domain/order.ts';
import type { OrderStore } from './ports.ts';

/** The video playlist of a rendition, `720p/playlist.m3u8`. */
const folderOf = (name: string): string | null =>
  name.endsWith(`/${trackFiles.playlist}`) ? name.slice(0, name.lastIndexOf('/')) : null;

/**
 * A playlist of what is there without a gap from the start, of an order that plays while it is still
 * being encoded; null when there is none of that name.
 */
export async function earlyPlaylist(
  store: Pick<OrderStore, 'chunkPrefixes'>,
  state: OrderState,
  name: string,
): Promise<string | null> {
  const plan = planOf(state);
  const chunk = outcomeOf(state, 'encode-chunk');
  if (!plan || !isPlayable(state) || chunk?.kind !== 'encode-chunk') return null;
  if (name === outputFiles.hls) return earlyMaster(plan, chunk.codecs);
  const folder = folderOf(name);
  const sound = earlySoundOf(state);
  if (folder === trackFiles.audioFolder) {
    return sound && earlyAudioPlaylist(plan, sound.prefix, sound.segments);
  }
  if (!plan.video.some((rendition) => rendition.name === folder)) return null;
  const prefixes = await store.chunkPrefixes(state.id);
  return prefixes.length > 0 ? earlyVideoPlaylist(plan, folder ?? '', prefixes) : null;
}
