import { expect, test } from '@jest/globals';
import { deriveKey, Secret } from './secret.ts';

const SECRET = 'a secret of at least 32 characters';

test('the same secret and purpose give the same key, anything else another', () => {
  const key = deriveKey(SECRET, 'playback');
  expect(key).toHaveLength(32);
  expect(deriveKey(SECRET, 'playback')).toEqual(key);
  expect(deriveKey(SECRET, 'uploads')).not.toEqual(key);
  expect(deriveKey(`${SECRET}.`, 'playback')).not.toEqual(key);
});

test('a short secret is refused', () => {
  expect(Secret.safeParse('short').success).toBe(false);
});
