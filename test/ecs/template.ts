import { readFileSync } from 'node:fs';
import { parse, type ScalarTag, type Tags } from 'yaml';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Fields = { readonly [key: string]: Json };

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Fields;
}

/** A template as CloudFormation would carry it out for some parameters. */
export interface Rendered {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, Fields>>;
}

interface TemplateParameter {
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
}

interface Template {
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions: Fields;
  readonly Mappings?: Readonly<Record<string, Record<string, Record<string, string>>>>;
  readonly Resources: Readonly<Record<string, Fields>>;
  readonly Outputs: Readonly<Record<string, Fields>>;
}

const functions = ['Equals', 'Not', 'If', 'Sub', 'GetAtt', 'Join', 'Select', 'Split', 'FindInMap'];

/** `!Name x` is short for `{"Fn::Name": x}`. */
const tags = functions.flatMap((name) =>
  (['scalar', 'seq', 'map'] as const).map((kind) => ({
    tag: `!${name}`,
    ...(kind !== 'scalar' && { collection: kind }),
    resolve: (value: string | { toJSON(): Json }) => ({
      [`Fn::${name}`]: typeof value === 'string' ? value : value.toJSON(),
    }),
  })),
);
const ref = { tag: '!Ref', resolve: (name: string) => ({ Ref: name }) };

export const templateText = (name: string): string =>
  readFileSync(new URL(`../../ecs/${name}.yaml`, import.meta.url), 'utf8');

export const readTemplate = (name: string): Template =>
  parse(templateText(name), { customTags: [ref, ...tags] as ScalarTag[] as Tags });

/** What CloudFormation leaves out of lists and objects. */
const NOTHING = Symbol('AWS::NoValue');

class Renderer {
  readonly #template: Template;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(template: Template, parameters: Readonly<Record<string, string>>) {
    this.#template = template;
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [
      name,
      Default === undefined ? `<${name}>` : String(Default),
    ]);
    this.#parameters = { ...Object.fromEntries(defaults), ...parameters };
  }

  render(): Rendered {
    const kept = (entries: Readonly<Record<string, Fields>>) =>
      Object.fromEntries(
        Object.entries(entries)
          .filter(([, { Condition }]) => Condition === undefined || this.#holds(String(Condition)))
          .map(([name, entry]) => [name, this.#value(entry)]),
      );
    return {
      resources: kept(this.#template.Resources) as unknown as Rendered['resources'],
      outputs: kept(this.#template.Outputs) as Rendered['outputs'],
    };
  }

  #holds(condition: string): boolean {
    const value = this.#template.Conditions[condition];
    if (value === undefined) throw new Error(`no condition ${condition}`);
    return this.#value(value) === true;
  }

  #value(value: Json): unknown {
    if (Array.isArray(value)) {
      return value.map((each) => this.#value(each)).filter((each) => each !== NOTHING);
    }
    if (value === null || typeof value !== 'object') return value;
    const [[key = '', argument] = [], ...others] = Object.entries(value);
    if (others.length === 0 && argument !== undefined) {
      if (key === 'Ref') return this.#ref(String(argument));
      if (key.startsWith('Fn::')) return this.#call(key.slice(4), argument);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, each]) => [name, this.#value(each)] as const)
        .filter(([, each]) => each !== NOTHING),
    );
  }

  #ref(name: string): unknown {
    if (name === 'AWS::NoValue') return NOTHING;
    return this.#parameters[name] ?? `<${name}>`;
  }

  #call(name: string, argument: Json): unknown {
    const list = Array.isArray(argument) ? (argument as Json[]) : [argument];
    if (name === 'If') {
      const [condition, yes = null, no = null] = list;
      return this.#value(this.#holds(String(condition)) ? yes : no);
    }
    const [first, second, third] = list.map((each) => this.#value(each));
    switch (name) {
      case 'Equals':
        return String(first) === String(second);
      case 'Not':
        return first !== true;
      case 'Join':
        return Array.isArray(second) ? second.join(String(first)) : String(second);
      case 'FindInMap':
        return this.#template.Mappings?.[String(first)]?.[String(second)]?.[String(third)];
      case 'Sub':
        return String(first).replace(/\$\{([^}]+)\}/g, (_, of: string) =>
          String((second as Fields | undefined)?.[of] ?? this.#ref(of)),
        );
      case 'ImportValue':
        return `<import ${first}>`;
      default:
        return `<${name} ${[first, second].filter((each) => each !== undefined).join(' ')}>`;
    }
  }
}

/** Parameters without a default, and what only AWS knows, stand as `<Name>`. */
export const renderTemplate = (
  name: string,
  parameters: Readonly<Record<string, string>> = {},
): Rendered => new Renderer(readTemplate(name), parameters).render();
