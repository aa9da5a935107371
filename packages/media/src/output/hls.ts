/** HLS playlists (RFC 8216): pure, over any list of addresses. */

export type MediaSegment = { uri: string; durationSeconds: number };

export type VariantStream = {
  uri: string;
  peakBitsPerSecond: number;
  averageBitsPerSecond: number;
  codecs: string[];
  width: number;
  height: number;
  framesPerSecond: number;
};

export type AudioStream = { uri: string; channels: number; language: string | null };

const line = (parts: string[]): string => `${parts.join('\n')}\n`;

/** EXT-X-TARGETDURATION: no segment, rounded, is longer. */
export const targetSeconds = (segments: readonly MediaSegment[]): number =>
  Math.max(1, ...segments.map(({ durationSeconds }) => Math.round(durationSeconds)));

/** A finished media playlist; fMP4 with EXT-X-MAP asks for version 7 of older players. */
export function mediaPlaylist(initUri: string, segments: readonly MediaSegment[]): string {
  return line([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetSeconds(segments)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${initUri}"`,
    ...segments.flatMap(({ uri, durationSeconds }) => [
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      uri,
    ]),
    '#EXT-X-ENDLIST',
  ]);
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

/** Best rendition first. Rates and codecs of a variant include those of its sound. */
export function masterPlaylist(variants: readonly VariantStream[], audio: AudioStream | null) {
  return line([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(audio ? [audioLine(audio)] : []),
    ...variants.flatMap((variant) => {
      const attributes = [
        `BANDWIDTH=${variant.peakBitsPerSecond}`,
        `AVERAGE-BANDWIDTH=${variant.averageBitsPerSecond}`,
        `CODECS="${variant.codecs.join(',')}"`,
        `RESOLUTION=${variant.width}x${variant.height}`,
        `FRAME-RATE=${variant.framesPerSecond.toFixed(3)}`,
        ...(audio ? ['AUDIO="audio"'] : []),
      ];
      return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri];
    }),
  ]);
}
