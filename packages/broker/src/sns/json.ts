import { invalidTopicParameter } from './errors.ts';

/** The content of an attribute that is JSON. @throws ServiceError InvalidParameter, as AWS words it */
export function parseJson(attribute: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { reason, column } = findFault(text);
    throw invalidTopicParameter(
      `${attribute}: failed to parse JSON. ${reason}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`,
    );
  }
}

interface Fault {
  reason: string;
  /** Counted from 1. */
  column: number;
}

const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const known = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true\b|false\b|null\b/y;

/** Where a text stops being JSON, in the words of the parser (Jackson) that AWS uses. */
function findFault(text: string): Fault {
  const open: ('Object' | 'Array')[] = [];
  let expected: 'value' | 'name' | 'colon' | 'comma' = 'value';
  let at = 0;
  for (; at < text.length; at += 1) {
    const character = text[at] ?? '';
    const inside = open.at(-1);
    if (/\s/.test(character)) continue;
    if (expected === 'colon') {
      if (character !== ':') {
        return unexpected(text, at, 'was expecting a colon to separate field name and value');
      }
      expected = 'value';
    } else if (inside && character === (inside === 'Object' ? '}' : ']')) {
      open.pop();
      expected = 'comma';
    } else if (expected === 'comma') {
      if (!inside || character !== ',') {
        const reason = `was expecting comma to separate ${inside ?? 'root'} entries`;
        return unexpected(text, at, reason);
      }
      expected = inside === 'Object' ? 'name' : 'value';
    } else if (expected === 'name' && character !== '"') {
      return unexpected(text, at, 'was expecting double-quote to start field name');
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? 'Object' : 'Array');
      expected = character === '{' ? 'name' : 'value';
    } else {
      known.lastIndex = at;
      const [lexeme] = known.exec(text) ?? [];
      if (lexeme === undefined) return noValue(text, at);
      at += lexeme.length - 1;
      expected = expected === 'name' ? 'colon' : 'comma';
    }
  }
  const inside = open.at(-1);
  return {
    reason: `Unexpected end-of-input${inside ? `: expected close marker for ${inside}` : ''}`,
    column: at + 1,
  };
}

function unexpected(text: string, at: number, expectation: string): Fault {
  const code = text.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(code);
  const reason = `Unexpected character ('${character}' (code ${code})): ${expectation}`;
  return { reason, column: at + 1 };
}

function noValue(text: string, at: number): Fault {
  const [word = ''] = /^[\p{L}\p{N}_$]*/u.exec(text.slice(at)) ?? [];
  if (word === '') return unexpected(text, at, `expected a valid value ${values}`);
  const reason = `Unrecognized token '${word}': was expecting ${values}`;
  return { reason, column: at + word.length + 1 };
}
