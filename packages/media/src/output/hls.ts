import { type CaptionsTrack, type EncodePlan, trackFiles } from '@spillway/contracts';

/** HLS playlists (RFC 8216): pure, over any list of addresses. */

export type MediaSegment = { uri: string; durationSeconds: number };

export type MediaPlaylist = {
  /** Null of captions: each segment of theirs is a file of its own. */
  initUri: string | null;
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

export type CaptionsStream = Pick<CaptionsTrack, 'language' | 'label' | 'default'> & {
  uri: string;
};

export type AudioStream = { uri: string; channels: number; language: string | null };

export type MasterPlaylist = {
  /** Best rendition first. Rates and codecs of a variant include those of its sound. */
  variants: readonly VariantStream[];
  audio: AudioStream | null;
  captions: readonly CaptionsStream[];
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
    ...(initUri === null ? [] : [`#EXT-X-MAP:URI="${initUri}"`]),
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

/** How a master playlist names captions. */
export const captionsStream = ({
  name,
  language,
  label,
  ...track
}: CaptionsTrack): CaptionsStream => ({
  uri: `${name}/${trackFiles.playlist}`,
  language,
  label,
  default: track.default,
});

/** A label has no quotation mark and is one line, as a quoted string must be. */
function captionsLine({ uri, language, label, ...stream }: CaptionsStream): string {
  const attributes = [
    'TYPE=SUBTITLES',
    'GROUP-ID="captions"',
    `NAME="${label}"`,
    `LANGUAGE="${language}"`,
    `DEFAULT=${stream.default ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    'FORCED=NO',
    `URI="${uri}"`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(',')}`;
}

export function masterPlaylist({ variants, audio, captions, isComplete }: MasterPlaylist): string {
  return line([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    ...(isComplete ? [] : [fromTheStart]),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(audio ? [audioLine(audio)] : []),
    ...captions.map(captionsLine),
    ...variants.flatMap((variant) => {
      const { averageBitsPerSecond: average } = variant;
      const attributes = [
        `BANDWIDTH=${variant.peakBitsPerSecond}`,
        ...(average === null ? [] : [`AVERAGE-BANDWIDTH=${average}`]),
        `CODECS="${variant.codecs.join(',')}"`,
        `RESOLUTION=${variant.width}x${variant.height}`,
        `FRAME-RATE=${variant.framesPerSecond.toFixed(3)}`,
        ...(audio ? ['AUDIO="audio"'] : []),
        ...(captions.length > 0 ? ['SUBTITLES="captions"'] : []),
      ];
      return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri];
    }),
  ]);
}
