import { readFileSync } from 'node:fs';

/** Resident memory of a process in megabytes, as the kernel counts it. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Processor time a process has used, in seconds. */
export function processorSeconds(pid: number): number {
  const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Node runs on
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
