import { type EncodePlan, trackFiles } from '@spillway/contracts';

/** HLS playlists (RFC 8216): pure, over any list of addresses. */

export type MediaSegment = { uri: string; durationSeconds: number };

export type MediaPlaylist = {
  initUri: string;
  segments: readonly MediaSegment[];
  /** Not while segments are still being made: then it may only grow. */
  isComplete: boolean;
};

export type VariantStream = {
  uri: string;
  peakBitsPerSecond: number;
  /** Null before it is known. */
  averageBitsPerSecond: number | null;
  codecs: readonly string[];
  width: number;
  height: number;
  framesPerSecond: number;
};

export type AudioStream = { uri: string; channels: number; language: string | null };

export type MasterPlaylist = {
  /** Best rendition first. Rates and codecs of a variant include those of its sound. */
  variants: readonly VariantStream[];
  audio: AudioStream | null;
  isComplete: boolean;
};

const line = (parts: readonly string[]): string => `${parts.join('\n')}\n`;

/** Without it players begin near the end of what still grows, as they do with live streams. */
const fromTheStart = '#EXT-X-START:TIME-OFFSET=0';

/** EXT-X-TARGETDURATION: no segment, rounded, is longer. */
function targetSeconds(segments: readonly MediaSegment[]): number {
  let target = 1;
  for (const { durationSeconds } of segments)
    target = Math.max(target, Math.round(durationSeconds));
  return target;
}

/** The playlist of one track; fMP4 with EXT-X-MAP asks for version 7 of older players. */
export function mediaPlaylist({ initUri, segments, isComplete }: MediaPlaylist): string {
  return line([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetSeconds(segments)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${isComplete ? 'VOD' : 'EVENT'}`,
    ...(isComplete ? [] : [fromTheStart]),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${initUri}"`,
    ...segments.flatMap(({ uri, durationSeconds }) => [
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      uri,
    ]),
    ...(isComplete ? ['#EXT-X-ENDLIST'] : []),
  ]);
}

/** BCP 47 from the source's ISO 639-2 ("eng" is "en"); null when it is none. */
export function languageTag(language: string | null | undefined): string | null {
  if (!language || !/^[a-z]{2,3}$/.test(language) || language === 'und') return null;
  return Intl.getCanonicalLocales(language)[0] ?? null;
}

/** How a master playlist names the sound of a plan. */
export function audioStream({ media, audio }: EncodePlan): AudioStream | null {
  return (
    audio && {
      uri: `${trackFiles.audioFolder}/${trackFiles.playlist}`,
      channels: audio.channels,
      language: languageTag(media.audio?.language),
    }
  );
}

function audioLine({ uri, channels, language }: AudioStream): string {
  const attributes = [
    'TYPE=AUDIO',
    'GROUP-ID="audio"',
    'NAME="Default"',
    ...(language ? [`LANGUAGE="${language}"`] : []),
    'DEFAULT=YES',
    'AUTOSELECT=YES',
    `CHANNELS="${channels}"`,
    `URI="${uri}"`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(',')}`;
}

export function masterPlaylist({ variants, audio, isComplete }: MasterPlaylist): string {
  return line([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    ...(isComplete ? [] : [fromTheStart]),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(audio ? [audioLine(audio)] : []),
    ...variants.flatMap((variant) => {
      const { averageBitsPerSecond: average } = variant;
      const attributes = [
        `BANDWIDTH=${variant.peakBitsPerSecond}`,
        ...(average === null ? [] : [`AVERAGE-BANDWIDTH=${average}`]),
        `CODECS="${variant.codecs.join(',')}"`,
        `RESOLUTION=${variant.width}x${variant.height}`,
        `FRAME-RATE=${variant.framesPerSecond.toFixed(3)}`,
        ...(audio ? ['AUDIO="audio"'] : []),
      ];
      return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri];
    }),
  ]);
}
