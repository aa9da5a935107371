import { mkdir } from 'node:fs/promises';
import { encodeArguments, findFfmpeg, inspectSource, planSource } from '@spillway/media';

/** The command that a worker runs for a source whole, to be run without everything around it. */
export async function bareArguments(input: string, workDir: string) {
  await mkdir(workDir, { recursive: true });
  const ffmpeg = await findFfmpeg();
  const signal = new AbortController().signal;
  const media = await inspectSource(ffmpeg, input, { allowPartial: false, signal });
  const plan = planSource(media, { whole: true });
  const args = encodeArguments({ address: input, plan, workDir });
  return { ffmpegPath: ffmpeg.ffmpegPath, args, input };
}
