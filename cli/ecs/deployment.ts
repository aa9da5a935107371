import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '@spillway/runtime';
import { parse } from 'yaml';
import * as z from 'zod';

const root = join(import.meta.dirname, '../..');

/** Which parameter names which image. */
const imageParameters = {
  OrderApiImage: 'order-api',
  VideoEncoderImage: 'video-encoder',
  NotifierImage: 'notifier',
  AutoscalerImage: 'autoscaler',
};

const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Parameters = z.record(
  z.string(),
  z.union([Value, z.array(Value).transform((values) => values.join(','))]),
);
const Images = z.record(z.string(), z.string());

export type StackKind = 'base' | 'services';

/** One of the two stacks, as it shall be. */
export interface Stack {
  readonly kind: StackKind;
  readonly name: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Deployment {
  /** What every name begins with. */
  readonly name: string;
  readonly base: Stack;
  readonly services: Stack;
  /** All that the file and images.json say. */
  readonly parameters: Readonly<Record<string, string>>;
}

function readJson<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  if (!existsSync(path)) throw new ConfigError(`${path} is not there`);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ConfigError(`${path} cannot be used: ${why}`);
  }
}

const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })),
});

/** Only names of parameters are read here: what the rest means is CloudFormation's. */
const parametersOf = (template: string) =>
  Template.parse(parse(template, { logLevel: 'error' })).Parameters;

/** By digest, as a release or `npm run images -- --push` wrote them; none where every image is a parameter. */
function imagesFor(given: Readonly<Record<string, string>>): Record<string, string> {
  const missing = Object.entries(imageParameters).filter(([name]) => given[name] === undefined);
  if (missing.length === 0) return {};
  const path = join(root, 'images.json');
  if (!existsSync(path)) {
    const names = missing.map(([name]) => name).join(', ');
    throw new ConfigError(
      `images.json is not there: npm run images -- --push REGISTRY writes it; or give the images as parameters (${names})`,
    );
  }
  const images = readJson(path, Images);
  return Object.fromEntries(
    missing.map(([parameter, image]) => {
      const found = images[image];
      if (found === undefined) throw new ConfigError(`images.json knows no image ${image}`);
      return [parameter, found];
    }),
  );
}

/** What a parameters file (see ecs/parameters.example.json) asks for. Throws `ConfigError`. */
export function readDeployment(file: string, folder: string): Deployment {
  const given = readJson(resolve(folder, file), Parameters);
  const parameters = { ...imagesFor(given), ...given };
  const name = parameters.Name ?? 'spillway';
  const known = new Set<string>();
  const stackOf = (kind: StackKind): Stack => {
    const template = readFileSync(join(root, 'ecs', `${kind}.yaml`), 'utf8');
    const declared = parametersOf(template);
    const missing = Object.entries(declared)
      .filter(([each, { Default }]) => Default === undefined && parameters[each] === undefined)
      .map(([each]) => each);
    if (missing.length > 0) throw new ConfigError(`${file}: ${missing.join(', ')} must be given`);
    for (const each of Object.keys(declared)) known.add(each);
    return {
      kind,
      name: `${name}-${kind}`,
      template,
      parameters: Object.fromEntries(
        Object.entries(parameters).filter(([each]) => declared[each] !== undefined),
      ),
    };
  };
  const deployment = { name, parameters, base: stackOf('base'), services: stackOf('services') };
  const unknown = Object.keys(given).filter((each) => !known.has(each));
  if (unknown.length > 0)
    throw new ConfigError(`${file}: no parameter is named ${unknown.join(', ')}`);
  return deployment;
}
