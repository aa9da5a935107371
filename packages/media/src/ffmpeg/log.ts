import { run } from '../settings.ts';

/** What the log of a run tells, read line by line as ffmpeg writes it with `level+verbose`. */
export type FfmpegLog = {
  /** The last lines that are not mere detail, oldest first. */
  lines: string[];
  /** Of level error or worse, the last few. */
  errors: string[];
  /** By stream index of the input, told at the end of a run that was not cut short. */
  decodedFrames: Map<number, number>;
  /** Packets that were read, likewise. */
  packets: Map<number, number>;
  /** What the `fps` filter says of the grid: pictures put on it, and those held for lack of another. */
  grid: { frames: number; held: number } | null;
  /** User and system time; 0 when ffmpeg was ended before it could say. */
  cpuSeconds: number;
  /** How ffmpeg ended, `code 1` or `signal SIGKILL`; null while it runs. */
  exit: string | null;
};

export const emptyLog = (): FfmpegLog => ({
  lines: [],
  errors: [],
  decodedFrames: new Map(),
  packets: new Map(),
  grid: null,
  cpuSeconds: 0,
  exit: null,
});

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > run.logLines) lines.shift();
}

/** Adds a line to the log. */
export function readLogLine(log: FfmpegLog, line: string): void {
  const input = /Input stream #0:(\d+) .*?(\d+) packets read .*?; (\d+) frames decoded/.exec(line);
  if (input) {
    log.packets.set(Number(input[1]), Number(input[2]));
    log.decodedFrames.set(Number(input[1]), Number(input[3]));
  }
  const grid = /Parsed_fps_.* (\d+) frames out; .* (\d+) frames duplicated/.exec(line);
  // Each graph has one; that of the renditions may be ended a picture before the other.
  if (grid && Number(grid[1]) >= (log.grid?.frames ?? 0)) {
    log.grid = { frames: Number(grid[1]), held: Number(grid[2]) };
  }
  const bench = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(line);
  if (bench) log.cpuSeconds = Number(bench[1]) + Number(bench[2]);
  const level = /\[(panic|fatal|error|warning|info|verbose|debug)\] /.exec(line)?.[1];
  // What codecs and muxers say of themselves at info level would push out what went wrong.
  const isDetail = level === 'verbose' || level === 'debug' || /@ 0x\w+\] \[info\]/.test(line);
  if (isDetail || line.trim() === '') return;
  keep(log.lines, line);
  if (level === 'error' || level === 'fatal' || level === 'panic') keep(log.errors, line);
}
