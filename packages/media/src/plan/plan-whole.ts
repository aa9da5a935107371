import type { EncodePlan, SourceMedia } from '@spillway/contracts';
import { planSource } from './plan-source.ts';

/** One chunk: the whole source, in one ffmpeg process. */
export const planWhole = (media: SourceMedia): EncodePlan => planSource(media, { whole: true });
