import { outputFiles, trackFiles } from '@spillway/contracts';
import {
  earlyAudioPlaylist,
  earlyCaptionsPlaylist,
  earlyMaster,
  earlyVideoPlaylist,
} from '@spillway/media/playlists';
import { earlySoundOf, isPlayable } from '../domain/early-stream.ts';
import { cutCaptionsOf, type OrderState, outcomeOf, planOf } from '../domain/order.ts';
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
  const captions = cutCaptionsOf(state);
  if (!plan || !isPlayable(state) || chunk?.kind !== 'encode-chunk') return null;
  if (name === outputFiles.hls) return earlyMaster(plan, chunk.codecs, captions?.tracks ?? []);
  const folder = folderOf(name);
  const sound = earlySoundOf(state);
  if (folder === trackFiles.audioFolder) {
    return sound && earlyAudioPlaylist(plan, sound.prefix, sound.segments);
  }
  const named = captions?.tracks.find((track) => track.name === folder);
  if (!named && !plan.video.some((rendition) => rendition.name === folder)) return null;
  const prefixes = await store.chunkPrefixes(state.id);
  if (prefixes.length === 0) return null;
  return captions && named
    ? earlyCaptionsPlaylist(plan, { prefix: captions.prefix, name: named.name }, prefixes.length)
    : earlyVideoPlaylist(plan, folder ?? '', prefixes);
}
