import type { Rational } from '@spillway/contracts';
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

/** Durations in ticks of `timescale`, one a segment. */
export type Timeline = { timescale: number; durations: readonly number[] };

export type DashManifest = {
  durationSeconds: number;
  segmentSeconds: number;
  frameRate: Rational;
  video: readonly DashVideo[];
  videoTimeline: Timeline;
  audio: { stream: DashAudio; timeline: Timeline } | null;
};

/** Runs of equal durations become one `S` with a repeat count. */
function timelineLines({ durations }: Timeline): string[] {
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

const template = (timeline: Timeline): string[] => [
  `      <SegmentTemplate timescale="${timeline.timescale}" startNumber="1"` +
    ' initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number%05d$.m4s">',
  '        <SegmentTimeline>',
  ...timelineLines(timeline),
  '        </SegmentTimeline>',
  '      </SegmentTemplate>',
];

function audioLines({ stream, timeline }: NonNullable<DashManifest['audio']>): string[] {
  const language = stream.language ? ` lang="${stream.language}"` : '';
  return [
    `    <AdaptationSet id="2" contentType="audio" mimeType="audio/mp4"${language} segmentAlignment="true" startWithSAP="1">`,
    ...template(timeline),
    `      <Representation id="${stream.id}" codecs="${stream.codecs}" bandwidth="${stream.bitsPerSecond}" audioSamplingRate="${stream.sampleRate}">`,
    `        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${stream.channels}"/>`,
    '      </Representation>',
    '    </AdaptationSet>',
  ];
}

export function dashManifest(manifest: DashManifest): string {
  const rate = formatRational(manifest.frameRate);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static"' +
      ` mediaPresentationDuration="PT${manifest.durationSeconds.toFixed(3)}S" minBufferTime="PT${manifest.segmentSeconds.toFixed(3)}S">`,
    '  <Period id="1" start="PT0S">',
    '    <AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">',
    ...template(manifest.videoTimeline),
    ...manifest.video.map(
      ({ id, codecs, bitsPerSecond, width, height }) =>
        `      <Representation id="${id}" codecs="${codecs}" bandwidth="${bitsPerSecond}"` +
        ` width="${width}" height="${height}" frameRate="${rate}" sar="1:1"/>`,
    ),
    '    </AdaptationSet>',
    ...(manifest.audio ? audioLines(manifest.audio) : []),
    '  </Period>',
    '</MPD>',
  ];
  return `${lines.join('\n')}\n`;
}
