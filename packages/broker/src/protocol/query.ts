import type { InputRule, OutputRule } from './service.ts';

interface Tree {
  [name: string]: Tree | string;
}

/** Turns `A.1.Name=x` parameters into the structure that the JSON protocol sends. */
export function decodeForm(
  form: URLSearchParams,
  rules: Record<string, InputRule>,
): Record<string, unknown> {
  const root: Tree = Object.create(null);
  for (const [path, value] of form) {
    const steps = path.split('.');
    const name = steps.pop() as string;
    let node = root;
    for (const step of steps) {
      const next = node[step];
      const child: Tree = typeof next === 'object' ? next : Object.create(null);
      node[step] = child;
      node = child;
    }
    node[name] ??= value;
  }
  return decodeTree(root, rules);
}

function decodeTree(tree: Tree, rules: Record<string, InputRule>): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule) decoded[rule.field] = decodeRule(value, rule, rules);
    else decoded[name] = typeof value === 'string' ? value : decodeTree(value, rules);
  }
  return decoded;
}

function decodeRule(value: Tree | string, rule: InputRule, rules: Record<string, InputRule>) {
  const inner = rule.wrapper && typeof value === 'object' ? value[rule.wrapper] : value;
  const items = itemsOf(inner).map((item) =>
    typeof item === 'string' ? item : decodeTree(item, rules),
  );
  if (rule.kind === 'list') return items;
  const pairs = items.filter((item) => typeof item === 'object');
  return Object.fromEntries(pairs.map((pair) => [String(pair[rule.key]), pair[rule.value] ?? '']));
}

/** Items are numbered from 1; a list of one may be written without a number. */
function itemsOf(value: Tree | string | undefined): (Tree | string)[] {
  if (value === undefined || value === '') return [];
  if (typeof value === 'string') return [value];
  const numbers = Object.keys(value).filter((key) => /^\d+$/.test(key));
  if (numbers.length === 0) return Object.keys(value).length > 0 ? [value] : [];
  return numbers
    .sort((one, other) => Number(one) - Number(other))
    .map((number) => value[number] as Tree | string);
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** Writes the fields of an answer as XML elements. */
export function encodeXml(value: object, rules: Record<string, OutputRule>): string {
  let xml = '';
  for (const [field, content] of Object.entries(value)) {
    if (content === undefined) continue;
    const rule = rules[field];
    xml += rule ? encodeRule(field, content, rule, rules) : element(field, content, rules);
  }
  return xml;
}

function element(name: string, content: unknown, rules: Record<string, OutputRule>): string {
  const inner =
    typeof content === 'object' && content !== null
      ? encodeXml(content, rules)
      : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

function encodeRule(
  field: string,
  content: object,
  rule: OutputRule,
  rules: Record<string, OutputRule>,
): string {
  const items =
    rule.kind === 'list'
      ? (content as unknown[]).map((item) => element(rule.element, item, rules))
      : Object.entries(content).map(([key, value]) => {
          const pair = element(rule.key, key, rules) + element(rule.value, value, rules);
          return `<${rule.element}>${pair}</${rule.element}>`;
        });
  return rule.nested ? `<${field}>${items.join('')}</${field}>` : items.join('');
}
