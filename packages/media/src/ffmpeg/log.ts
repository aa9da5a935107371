import { run } from '../settings.ts';

/** What the log of a run tells, read line by line as ffmpeg writes it with `level+verbose`. */
export type FfmpegLog = {
  /** The last lines that are not mere detail, oldest first. */
  lines: string[];
  /** Of level error or worse, the last few. */
  errors: string[];
  /** By stream index of the input, told at the end of a run that was not cut short. */
  decodedFrames: Map<number, number>;
  /** User and system time; 0 when ffmpeg was ended before it could say. */
  cpuSeconds: number;
};

export const emptyLog = (): FfmpegLog => ({
  lines: [],
  errors: [],
  decodedFrames: new Map(),
  cpuSeconds: 0,
});

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > run.logLines) lines.shift();
}

/** Adds a line to the log. */
export function readLogLine(log: FfmpegLog, line: string): void {
  const decoded = /Input stream #0:(\d+) .*?; (\d+) frames decoded/.exec(line);
  if (decoded) log.decodedFrames.set(Number(decoded[1]), Number(decoded[2]));
  const bench = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(line);
  if (bench) log.cpuSeconds = Number(bench[1]) + Number(bench[2]);
  const level = /\[(panic|fatal|error|warning|info|verbose|debug)\] /.exec(line)?.[1];
  // What codecs and muxers say of themselves at info level would push out what went wrong.
  const isDetail = level === 'verbose' || level === 'debug' || /@ 0x\w+\] \[info\]/.test(line);
  if (isDetail || line.trim() === '') return;
  keep(log.lines, line);
  if (level === 'error' || level === 'fatal' || level === 'panic') keep(log.errors, line);
}
