import type { EncodePlan, SourceMedia, SourceVideo, VideoTarget } from '@spillway/contracts';
import { planTimeline } from '../plan/timeline.ts';
import { formatRational, toNumber } from '../rational.ts';
import { limits, poster } from '../settings.ts';
import { isRgb } from '../source/colour.ts';

/** Labels of the graph's outputs; the arguments map them to files. */
export const videoLabel = (index: number): string => `v${index}`;
export const audioLabel = 'a';
export const posterLabel = 'poster';

/**
 * Moves a stream's clock so that `originSeconds` becomes 0. Rounded, because setpts cuts off, and a
 * tick of some containers is a whole frame.
 */
const shift = (filter: 'setpts' | 'asetpts', originSeconds: number): string =>
  `${filter}=round(PTS-(${originSeconds.toFixed(9)})/TB)`;

/** HDR (PQ or HLG) to SDR in linear light; at the top rung's size, because it costs much. */
function toneMap({ colour, fullRange }: SourceVideo, top: VideoTarget): string {
  const input = `tin=${colour.transfer}:min=${colour.matrix}:pin=${colour.primaries}`;
  return [
    `zscale=w=${top.width}:h=${top.height}:${input}:rin=${fullRange ? 'pc' : 'tv'}:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ].join(',');
}

/**
 * For how many frames the last picture may be held: while the sound goes on, and for what may be
 * missing from the end. This hides no loss: the frames decoded are counted (`findLoss`).
 */
function framesHeld(media: SourceMedia, plan: EncodePlan): number {
  if (media.allowPartial) return plan.frames;
  const missingFrames = Math.ceil(limits.maxMissingSeconds * toNumber(plan.frameRate));
  return planTimeline(media).tailFrames + missingFrames;
}

/** Decoded pictures to the output's grid: gapless, from 0, at a constant rate, each plan frame once. */
function gridFilters(media: SourceMedia, plan: EncodePlan): string[] {
  const { video } = media;
  const top = plan.video[0];
  const heldFrames = framesHeld(media, plan);
  return [
    shift('setpts', planTimeline(media).originSeconds),
    ...(video.interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    `fps=fps=${formatRational(plan.frameRate)}:start_time=0:round=near`,
    ...(video.isHdr && top ? [toneMap(video, top)] : []),
    `tpad=stop=${heldFrames}:stop_mode=clone`,
  ];
}

/** Said in full: builds differ in their default scaler, and may miss the decoder's range. */
function scale(video: SourceVideo, width: number, height: number, outRange: 'tv' | 'pc'): string {
  const isFromRgb = isRgb(video.pixelFormat);
  const options = [
    `${width}:${height}:flags=bicubic`,
    ...(video.isHdr || isFromRgb ? [] : [`in_range=${video.fullRange ? 'pc' : 'tv'}`]),
    `out_range=${outRange}`,
    ...(isFromRgb ? ['out_color_matrix=bt709'] : []),
  ];
  return `scale=${options.join(':')}`;
}

/** The frame of the poster: early, yet past the black of most beginnings. */
export function posterFrame(plan: EncodePlan): number {
  const latest = poster.latestSeconds * toNumber(plan.frameRate);
  return Math.min(plan.frames - 1, Math.floor(Math.min(plan.frames * poster.atFraction, latest)));
}

function posterFilters(media: SourceMedia, plan: EncodePlan): string[] {
  const size =
    plan.video.find(({ width, height }) => Math.min(width, height) <= poster.maxLines) ??
    plan.video.at(-1);
  if (!size) throw new RangeError('A plan has at least one rendition.');
  const frame = posterFrame(plan);
  return [
    `trim=start_frame=${frame}:end_frame=${frame + 1}`,
    'setpts=0',
    scale(media.video, size.width, size.height, 'pc'),
    'setsar=1',
    'format=yuvj420p',
  ];
}

/** Sound from 0 without a gap, as long as the picture to the sample. */
function audioFilters(media: SourceMedia, plan: EncodePlan): string[] {
  if (!plan.audio) return [];
  const { channels, sampleRate } = plan.audio;
  const samples = Math.round((plan.frames / toNumber(plan.frameRate)) * sampleRate);
  const layout = channels === 1 ? 'mono' : 'stereo';
  return [
    shift('asetpts', planTimeline(media).originSeconds),
    `aresample=${sampleRate}:async=1:first_pts=0`,
    `aformat=sample_fmts=fltp:sample_rates=${sampleRate}:channel_layouts=${layout}`,
    'apad',
    `atrim=end_sample=${samples}`,
  ];
}

/** One decode, one split: every rendition, the poster and the sound. */
export function filterGraph(media: SourceMedia, plan: EncodePlan): string {
  const labels = plan.video.map((_, index) => `s${index}`);
  const split = [...labels, 'sp'].map((label) => `[${label}]`).join('');
  const chains = [
    `[0:${media.video.streamIndex}]${gridFilters(media, plan).join(',')},split=${labels.length + 1}${split}`,
    ...plan.video.map(
      ({ width, height }, index) =>
        `[s${index}]${scale(media.video, width, height, 'tv')},setsar=1,format=yuv420p[${videoLabel(index)}]`,
    ),
    `[sp]${posterFilters(media, plan).join(',')}[${posterLabel}]`,
  ];
  if (plan.audio)
    chains.push(
      `[0:${plan.audio.streamIndex}]${audioFilters(media, plan).join(',')}[${audioLabel}]`,
    );
  return chains.join(';');
}
