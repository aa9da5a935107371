import { type CaptionsTrack, type Rational, trackFiles } from '@spillway/contracts';
import { formatRational } from '../rational.ts';

/** A static DASH manifest (ISO/IEC 23009-1) over the segments of the HLS playlists: pure. */

export type DashVideo = {
  id: string;
  codecs: string;
  bitsPerSecond: number;
  width: number;
  height: number;
};

export type DashAudio = {
  id: string;
  codecs: string;
  bitsPerSecond: number;
  sampleRate: number;
  channels: number;
  language: string | null;
};

/** All cues in one file at `address`. */
export type DashCaptions = Pick<CaptionsTrack, 'name' | 'language' | 'label' | 'default'> & {
  address: string;
  bitsPerSecond: number;
};

/** The segments of one track, or of several that have the same. */
export type DashSegments = {
  timescale: number;
  /** In ticks of `timescale`, one a segment. */
  durations: readonly number[];
  /** Where each segment lies: a folder that holds one by the id of each representation. */
  folders: readonly string[];
};

export type DashManifest = {
  durationSeconds: number;
  segmentSeconds: number;
  frameRate: Rational;
  video: readonly DashVideo[];
  videoSegments: DashSegments;
  audio: { stream: DashAudio; segments: DashSegments } | null;
  captions: readonly DashCaptions[];
};

/** Runs of equal durations become one `S` with a repeat count. */
function timelineLines({ durations }: DashSegments): string[] {
  const runs: { duration: number; repeat: number }[] = [];
  for (const duration of durations) {
    const run = runs.at(-1);
    if (run?.duration === duration) run.repeat += 1;
    else runs.push({ duration, repeat: 0 });
  }
  return runs.map(({ duration, repeat }, index) => {
    const time = index === 0 ? ' t="0"' : '';
    return `          <S${time} d="${duration}"${repeat > 0 ? ` r="${repeat}"` : ''}/>`;
  });
}

const lieTogether = ({ folders }: DashSegments): boolean => new Set(folders).size === 1;

/** For all representations of a set, where their segments lie together. */
function template(segments: DashSegments): string[] {
  if (!lieTogether(segments)) return [];
  const folder = `${segments.folders[0]}$RepresentationID$`;
  return [
    `      <SegmentTemplate timescale="${segments.timescale}" startNumber="1"` +
      ` initialization="${folder}/${trackFiles.init}" media="${folder}/$Number%05d$.m4s">`,
    '        <SegmentTimeline>',
    ...timelineLines(segments),
    '        </SegmentTimeline>',
    '      </SegmentTemplate>',
  ];
}

/**
 * Of one representation whose segments lie apart: a template cannot change its folder on the way. All last as
 * long as the first but the last, which ends with the period. No indentation: there may be thousands.
 */
function list(id: string, segments: DashSegments): string[] {
  if (lieTogether(segments)) return [];
  const { timescale, durations, folders } = segments;
  return [
    `        <SegmentList timescale="${timescale}" duration="${durations[0]}">`,
    `          <Initialization sourceURL="${folders[0]}${id}/${trackFiles.init}"/>`,
    ...folders.map(
      (folder, index) => `<SegmentURL media="${folder}${id}/${trackFiles.segment(index)}"/>`,
    ),
    '        </SegmentList>',
  ];
}

function videoLines({ frameRate, video, videoSegments }: DashManifest): string[] {
  const rate = formatRational(frameRate);
  return [
    '    <AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">',
    ...template(videoSegments),
    ...video.flatMap(({ id, codecs, bitsPerSecond, width, height }) => [
      `      <Representation id="${id}" codecs="${codecs}" bandwidth="${bitsPerSecond}"` +
        ` width="${width}" height="${height}" frameRate="${rate}" sar="1:1">`,
      ...list(id, videoSegments),
      '      </Representation>',
    ]),
    '    </AdaptationSet>',
  ];
}

function audioLines({ stream, segments }: NonNullable<DashManifest['audio']>): string[] {
  const language = stream.language ? ` lang="${stream.language}"` : '';
  return [
    `    <AdaptationSet id="2" contentType="audio" mimeType="audio/mp4"${language} segmentAlignment="true" startWithSAP="1">`,
    ...template(segments),
    `      <Representation id="${stream.id}" codecs="${stream.codecs}" bandwidth="${stream.bitsPerSecond}" audioSamplingRate="${stream.sampleRate}">`,
    `        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${stream.channels}"/>`,
    '      </Representation>',
    '    </AdaptationSet>',
  ];
}

/** As the text of an element; what XML cannot hold at all is replaced. */
const escaped = (text: string): string =>
  text
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** A language tag and a name of ours need no escaping. `main` is what a player shows unless it is told otherwise. */
const captionsLines = (captions: DashCaptions, index: number): string[] => [
  `    <AdaptationSet id="${index + 3}" contentType="text" mimeType="text/vtt" lang="${captions.language}">`,
  `      <Label>${escaped(captions.label)}</Label>`,
  ...(captions.default ? ['      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>'] : []),
  '      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>',
  `      <Representation id="${captions.name}" bandwidth="${captions.bitsPerSecond}">`,
  `        <BaseURL>${captions.address}</BaseURL>`,
  '      </Representation>',
  '    </AdaptationSet>',
];

export function dashManifest(manifest: DashManifest): string {
  // The live profile knows templates only.
  const profile = lieTogether(manifest.videoSegments) ? 'live' : 'main';
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-${profile}:2011" type="static"` +
      ` mediaPresentationDuration="PT${manifest.durationSeconds.toFixed(3)}S" minBufferTime="PT${manifest.segmentSeconds.toFixed(3)}S">`,
    '  <Period id="1" start="PT0S">',
    ...videoLines(manifest),
    ...(manifest.audio ? audioLines(manifest.audio) : []),
    ...manifest.captions.flatMap(captionsLines),
    '  </Period>',
    '</MPD>',
  ];
  return `${lines.join('\n')}\n`;
}
