import {
  captionsFiles,
  outputFiles as names,
  type Outputs,
  type QcReport,
  type Rendition,
  trackFiles,
} from '@spillway/contracts';
import { captionSegmentList } from '../captions/write-captions.ts';
import { toNumber } from '../rational.ts';
import type { OutputFile } from '../types.ts';
import { bitRates } from './bit-rate.ts';
import { type DashManifest, type DashSegments, dashManifest } from './dash.ts';
import { audioStream, captionsStream, languageTag, masterPlaylist, mediaPlaylist } from './hls.ts';
import { durationSeconds, type JoinedOutput, type JoinedTrack } from './joined-track.ts';
import { segmentSeconds } from './renditions.ts';
import { thumbnailsVtt } from './thumbnails.ts';

/** The files of an output that name the others. They are the same for a source encoded whole or in chunks. */

const inMemory = (name: string, text: string): OutputFile => ({
  name,
  from: 'memory',
  data: Buffer.from(text),
});

/** `name` is a rendition's, or `audio`; its playlist lies in a folder of that name. */
function trackPlaylist(name: string, track: JoinedTrack): OutputFile {
  const { segments, folders, timescale } = track;
  // Files of the output's own prefix lie beside the playlist; others are one folder up first.
  const uri = (folder = '', file: string) => (folder ? `../${folder}${name}/${file}` : file);
  const playlist = mediaPlaylist({
    initUri: uri(folders[0], trackFiles.init),
    segments: segments.map(({ duration }, index) => ({
      uri: uri(folders[index], trackFiles.segment(index)),
      durationSeconds: duration / timescale,
    })),
    isComplete: true,
  });
  return inMemory(`${name}/${trackFiles.playlist}`, playlist);
}

function captionsPlaylist({ plan, captions: { folder } }: JoinedOutput, name: string): OutputFile {
  const playlist = mediaPlaylist({
    initUri: null,
    segments: captionSegmentList(plan, folder && `../${folder}${name}/`),
    isComplete: true,
  });
  return inMemory(`${name}/${trackFiles.playlist}`, playlist);
}

type Finished = JoinedOutput & { renditions: readonly Rendition[] };

function master({ plan, audio, captions, renditions }: Finished): string {
  const sound = audio && bitRates(audio, segmentSeconds(plan));
  return masterPlaylist({
    variants: renditions.map((rendition) => ({
      uri: `${rendition.name}/${trackFiles.playlist}`,
      peakBitsPerSecond: rendition.peakBitsPerSecond + (sound?.peakBitsPerSecond ?? 0),
      averageBitsPerSecond: rendition.averageBitsPerSecond + (sound?.averageBitsPerSecond ?? 0),
      codecs: [rendition.codecs, ...(audio ? [audio.codecs] : [])],
      width: rendition.width,
      height: rendition.height,
      framesPerSecond: toNumber(plan.frameRate),
    })),
    audio: audioStream(plan),
    captions: captions.tracks.map(captionsStream),
    isComplete: true,
  });
}

const dashSegments = ({ timescale, segments, folders }: JoinedTrack): DashSegments => ({
  timescale,
  durations: segments.map(({ duration }) => duration),
  folders,
});

function manifestAudio({ plan, audio }: Finished): DashManifest['audio'] {
  if (!plan.audio || !audio) return null;
  return {
    stream: {
      id: trackFiles.audioFolder,
      codecs: audio.codecs,
      bitsPerSecond: bitRates(audio, segmentSeconds(plan)).peakBitsPerSecond,
      sampleRate: plan.audio.sampleRate,
      channels: plan.audio.channels,
      language: languageTag(plan.media.audio?.language),
    },
    segments: dashSegments(audio),
  };
}

function manifest(finished: Finished): string {
  const { plan, video, audio, captions, renditions } = finished;
  const [first] = video.values();
  if (!first) throw new RangeError('An output has at least one rendition.');
  const seconds = Math.max(durationSeconds(first), audio ? durationSeconds(audio) : 0);
  return dashManifest({
    durationSeconds: seconds,
    segmentSeconds: segmentSeconds(plan),
    frameRate: plan.frameRate,
    video: renditions.map(({ name, codecs, peakBitsPerSecond, width, height }) => ({
      id: name,
      codecs,
      bitsPerSecond: peakBitsPerSecond,
      width,
      height,
    })),
    // The grid is one for all renditions, and so is the timescale that follows from its rate.
    videoSegments: dashSegments(first),
    audio: manifestAudio(finished),
    captions: captions.tracks.map((track) => ({
      ...track,
      address: `${captions.folder}${track.name}/${captionsFiles.all}`,
      bitsPerSecond: Math.ceil((track.bytes * 8) / seconds),
    })),
  });
}

/** The playlists last: they name what must be there before them. */
export function textFiles(finished: Finished, formats: Outputs['formats'], qc: QcReport) {
  const { video, audio, captions } = finished;
  const tracks = [...video, ...(audio ? [[trackFiles.audioFolder, audio] as const] : [])];
  const vtt = thumbnailsVtt(finished);
  return [
    ...(vtt ? [inMemory(names.thumbnails, vtt)] : []),
    inMemory(names.qc, `${JSON.stringify(qc, null, 2)}\n`),
    ...(formats.includes('dash') ? [inMemory(names.dash, manifest(finished))] : []),
    ...(formats.includes('hls')
      ? [
          ...tracks.map(([name, track]) => trackPlaylist(name, track)),
          ...captions.tracks.map(({ name }) => captionsPlaylist(finished, name)),
          inMemory(names.hls, master(finished)),
        ]
      : []),
  ];
}
