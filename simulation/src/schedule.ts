import { Client, type Intent } from './client.ts';
import { drawFaults, noFaults } from './faults.ts';
import { drawFilm } from './films.ts';
import { Laws } from './laws.ts';
import type { Plant } from './plants.ts';
import { Random } from './random.ts';
import { openSite, type Setting, Supervisor } from './supervisor.ts';
import { useTimeline } from './virtual-time.ts';
import { type Breach, World } from './world.ts';

export interface Verdict {
  readonly seed: number;
  readonly breach: Breach | null;
  readonly steps: number;
  /** Virtual. */
  readonly seconds: number;
  /** Orders that came to each end. */
  readonly ends: readonly string[];
}

/** When the faults have been over for so long, everything has ended. */
const CALM_MS = 3_600_000;

interface Plan extends Setting {
  readonly intents: readonly Intent[];
  readonly stops: readonly number[];
  readonly calmAt: number;
}

/** Everything that is decided before a schedule begins. */
function drawPlan(random: Random): Plan {
  const calmAt = random.between(5_000, 120_000);
  const films = Array.from({ length: 1 + random.integer(3) }, (_, number) =>
    drawFilm(random, number),
  );
  const sometime = (probability: number) =>
    random.chance(probability) ? random.between(0, calmAt * 1.2) : null;
  return {
    films,
    calmAt,
    apis: random.pick([1, 1, 2]),
    encoders: Array.from({ length: 1 + random.integer(3) }, () => ({
      slots: 1 + random.integer(2),
      stopGraceSeconds: random.pick([0, 2, 20]),
      build: random.chance(0.15) ? 'ffmpeg version 8' : 'ffmpeg version 7',
    })),
    orderTimeoutHours: random.chance(0.1) ? random.between(0.005, 0.05) : 24,
    intents: films.map((film) => ({
      film,
      priority: random.pick(['high', 'normal', 'normal', 'low'] as const),
      ordersAt: random.between(0, Math.min(calmAt / 2, 20_000)),
      hasKey: random.chance(0.7),
      cancelsAt: sometime(0.2),
      retriesAt: sometime(0.3),
      deletesAt: sometime(0.1),
    })),
    stops: Array.from({ length: random.chance(0.4) ? 1 + random.integer(3) : 0 }, () =>
      random.between(0, calmAt),
    ),
  };
}

/** Runs the programs through one seed's faults; the same seed, the same schedule, step by step. */
export async function runSchedule(
  seed: number,
  options: { plant?: Plant | null; traced?: string[] | null } = {},
): Promise<Verdict> {
  const { plant = null, traced = null } = options;
  const random = new Random(seed);
  const plan = drawPlan(random);
  const faults = random.chance(0.1) ? noFaults : drawFaults(random, plan.calmAt);
  const world = new World(seed + 1, faults, traced);
  useTimeline(world.timeline, seed);
  const keyed = new Set(plan.intents.flatMap(({ film, hasKey }) => (hasKey ? film.number : [])));
  const { orderTimeoutHours } = plan;
  const laws = new Laws(world, plan.films, { keyed, orderTimeoutHours });
  const site = openSite(world, laws);
  laws.watch(site);
  const studio = {
    world,
    films: plan.films,
    read: (key: string) => site.objects.read(key),
    onFlaw: laws.flawMet.bind(laws),
    onEncode: laws.encoding.bind(laws),
  };
  const supervisor = new Supervisor({ world, site, watcher: laws, setting: plan, studio, plant });
  const client = new Client(world, supervisor, laws);
  for (const intent of plan.intents) client.add(intent);
  for (const stop of plan.stops) world.timeline.at(stop, null, () => supervisor.stopAny());
  world.timeline.at(plan.calmAt, null, () => world.calm());
  world.timeline.at(plan.calmAt + CALM_MS, null, () => laws.stuck());

  const orders = site.database.orders;
  const isOver = () =>
    client.isDone &&
    site.broker.size === 0 &&
    site.database.outbox.length === 0 &&
    [...orders.values()].every(({ state }) => state.endedAt !== null) &&
    (!laws.mustBeSwept || site.database.swept.size === orders.size);
  const died = (error: unknown) => world.breaks('program', `it would have died of ${error}`);
  process.on('unhandledRejection', died);
  await world.run(isOver);
  process.off('unhandledRejection', died);
  if (!world.breach) laws.over();
  return {
    seed,
    breach: world.breach,
    steps: world.steps,
    seconds: world.timeline.now / 1000,
    ends: [...orders.values()].map(({ state }) => state.status),
  };
}
