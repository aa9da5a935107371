/** When each lane of the workers is free, in seconds from now, the first one first. */
export type Lanes = Float64Array;

/** How many jobs of so many seconds each the lanes can start until then, counting that second. */
export function startsUntil(lanes: Lanes, seconds: number, until: number): number {
  let starts = 0;
  for (const free of lanes) {
    if (free > until) break;
    starts += Math.floor((until - free) / seconds) + 1;
  }
  return starts;
}

/**
 * Puts jobs alike, one after the other, each on the lane that is free first. Takes time by the lanes
 * that get one, however many jobs there are.
 *
 * `seconds` is over 0, and there is a lane.
 */
export function placeJobs(lanes: Lanes, jobs: number, seconds: number): void {
  // Where the work would stand if it were poured over the lanes like water. A start that is a whole
  // job below that level is surely taken; what is left then is less than one job a lane.
  const level = waterLevel(lanes, jobs * seconds);
  let left = jobs;
  let under = 0;
  for (const free of lanes) {
    if (free > level) break;
    const sure = Math.min(left, Math.floor((level - free) / seconds));
    lanes[under] = free + sure * seconds;
    left -= sure;
    under += 1;
  }
  lanes.subarray(0, under).sort();
  delayFirst(lanes, left, seconds);
}

/** The first so many lanes are free that much later, and take their places among the others. */
function delayFirst(lanes: Lanes, count: number, seconds: number): void {
  const delayed = lanes.slice(0, count).map((free) => free + seconds);
  let to = 0;
  let from = count;
  for (const free of delayed) {
    for (let other = lanes[from]; other !== undefined && other < free; other = lanes[from]) {
      lanes[to] = other;
      to += 1;
      from += 1;
    }
    lanes[to] = free;
    to += 1;
  }
}

function waterLevel(lanes: Lanes, work: number): number {
  let poured = work;
  for (const [index, free] of lanes.entries()) {
    poured += free;
    const level = poured / (index + 1);
    if (level <= (lanes[index + 1] ?? Number.POSITIVE_INFINITY)) return level;
  }
  throw new RangeError('no lane to place jobs on');
}
