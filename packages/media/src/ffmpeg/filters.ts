import type { AudioTarget, Chunk, EncodePlan, SourceVideo, Thumbnails } from '@spillway/contracts';
import { type EncodeTask, endsSource, type TaskOutput } from '../plan/task.ts';
import { planTimeline } from '../plan/timeline.ts';
import { formatRational, toNumber } from '../rational.ts';
import { limits, poster } from '../settings.ts';
import { isRgb } from '../source/colour.ts';

/** Label of the graph's output `index`; the arguments map it to a file or a pipe. */
export const outputLabel = (index: number): string => `o${index}`;

/** HDR (PQ or HLG) to SDR in linear light; at the top rung's size, because it costs much. None for other sources. */
function toneMapFilters({ media, video: [top] }: EncodePlan): string[] {
  const { colour, fullRange, isHdr } = media.video;
  if (!isHdr || !top) return [];
  const input = `tin=${colour.transfer}:min=${colour.matrix}:pin=${colour.primaries}`;
  return [
    `zscale=w=${top.width}:h=${top.height}:${input}:rin=${fullRange ? 'pc' : 'tv'}:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ];
}

/**
 * For how many frames the last picture may be held: while the sound goes on, and for what may be
 * missing from the end. This hides no loss: what was decoded is counted.
 */
function framesHeld({ media, frames, frameRate }: EncodePlan): number {
  if (media.allowPartial) return frames;
  const missingFrames = Math.ceil(limits.maxMissingSeconds * toNumber(frameRate));
  return planTimeline(media).tailFrames + missingFrames;
}

/** Ticks of the clock on which pictures meet the grid: even, and fine beside any container's. */
const ticksPerFrame = 4800;

/**
 * Decoded pictures to the output's grid: gapless, at a constant rate, each plan frame of the chunk once.
 *
 * A picture belongs to the frame that it is nearest to, the later of two. Half a frame is added and the
 * rest cut off, on a clock of whole ticks a frame: so the result is the same whichever frame is counted
 * as the first, and a chunk has the very frames that the whole source would have there.
 */
function gridFilters(plan: EncodePlan, chunk: Chunk): string[] {
  const { video } = plan.media;
  const { numerator, denominator } = plan.frameRate;
  const { originSeconds } = planTimeline(plan.media);
  const offset = ticksPerFrame / 2 - chunk.firstFrame * ticksPerFrame;
  return [
    ...(video.interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    `settb=${denominator}/(${numerator}*${ticksPerFrame})`,
    `setpts=round(PTS-(${originSeconds.toFixed(9)})/TB)+(${offset})`,
    `fps=fps=${formatRational(plan.frameRate)}:start_time=0:round=down`,
    `tpad=stop=${framesHeld(plan)}:stop_mode=clone`,
    // One more than is encoded: the picture behind the last, which the next chunk begins with.
    `trim=end_frame=${chunk.frames + (endsSource(plan, chunk) ? 0 : 1)}`,
    `setpts=PTS+${chunk.firstFrame}`,
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

/** As mjpeg wants it. */
const fullRangePicture = (video: SourceVideo, width: number, height: number): string[] => [
  scale(video, width, height, 'pc'),
  'setsar=1',
  'format=yuvj420p',
];

function posterFilters(plan: EncodePlan, frame: number): string[] {
  const size =
    plan.video.find(({ width, height }) => Math.min(width, height) <= poster.maxLines) ??
    plan.video.at(-1);
  if (!size) throw new RangeError('A plan has at least one rendition.');
  return [
    `trim=start_frame=${frame}:end_frame=${frame + 1}`,
    'setpts=0',
    ...toneMapFilters(plan),
    ...fullRangePicture(plan.media.video, size.width, size.height),
  ];
}

/** Sheets come a second apart, so that each is written once. */
const thumbnailFilters = (
  plan: EncodePlan,
  { width, height, columns, rows }: Thumbnails,
  { frames }: Chunk,
): string[] => [
  `select='not(mod(n,${plan.gopFrames}))*lt(n,${frames})'`,
  ...toneMapFilters(plan),
  ...fullRangePicture(plan.media.video, width, height),
  `tile=${columns}x${rows}`,
  'setpts=N/TB',
];

function pictureFilters(plan: EncodePlan, chunk: Chunk, output: TaskOutput): string[] {
  const { video } = plan.media;
  switch (output.kind) {
    case 'video':
      return [
        scale(video, output.target.width, output.target.height, 'tv'),
        'setsar=1',
        'format=yuv420p',
      ];
    case 'thumbnails':
      return thumbnailFilters(plan, output.thumbnails, chunk);
    case 'poster':
      return posterFilters(plan, output.frame);
    case 'seam':
      return [`select='eq(n,0)+eq(n,${chunk.frames})'`, ...toneMapFilters(plan)];
    case 'audio':
      throw new RangeError('Sound is no picture.');
  }
}

/** Sound from 0 without a gap, as long as the picture to the sample. */
function audioFilters(plan: EncodePlan, { channels, sampleRate }: AudioTarget): string[] {
  const { originSeconds } = planTimeline(plan.media);
  const samples = Math.round((plan.frames / toNumber(plan.frameRate)) * sampleRate);
  const layout = channels === 1 ? 'mono' : 'stereo';
  return [
    `asetpts=round(PTS-(${originSeconds.toFixed(9)})/TB)`,
    `aresample=${sampleRate}:async=1:first_pts=0`,
    `aformat=sample_fmts=fltp:sample_rates=${sampleRate}:channel_layouts=${layout}`,
    'apad',
    `atrim=end_sample=${samples}`,
  ];
}

type NumberedOutput = readonly [index: number, output: TaskOutput];

const hasFewPictures = ({ kind }: TaskOutput): boolean =>
  kind === 'thumbnails' || kind === 'poster' || kind === 'seam';

/** `shared`: filters behind the grid that are for all pictures. */
function graphOf(
  plan: EncodePlan,
  chunk: Chunk,
  outputs: readonly NumberedOutput[],
  shared: readonly string[],
): string {
  const chains: string[] = [];
  const splits: string[] = [];
  for (const [index, output] of outputs) {
    const isSound = output.kind === 'audio';
    const source = isSound ? `[0:${output.target.streamIndex}]` : `[s${index}]`;
    if (!isSound) splits.push(source);
    const filters = isSound
      ? audioFilters(plan, output.target)
      : pictureFilters(plan, chunk, output);
    chains.push(`${source}${filters.join(',')}[${outputLabel(index)}]`);
  }
  if (splits.length > 0) {
    const grid = [...gridFilters(plan, chunk), ...shared, `split=${splits.length}`].join(',');
    chains.unshift(`[0:${plan.media.video.streamIndex}]${grid}${splits.join('')}`);
  }
  return chains.join(';');
}

/**
 * Every output of the task, over one decode: a graph for those with a picture for every frame, and one for
 * those with few. ffmpeg 7 takes no picture out of a graph before the output that is furthest behind has one:
 * beside a sheet of thumbnails all renditions of its pictures would wait in memory, 2 MB a frame at 720p.
 */
export function filterGraphs(plan: EncodePlan, { chunk, outputs }: EncodeTask): string[] {
  const numbered = [...outputs.entries()];
  const few = numbered.filter(([, output]) => hasFewPictures(output));
  const many = numbered.filter(([, output]) => !hasFewPictures(output));
  return [graphOf(plan, chunk, many, toneMapFilters(plan)), graphOf(plan, chunk, few, [])].filter(
    (graph) => graph !== '',
  );
}
