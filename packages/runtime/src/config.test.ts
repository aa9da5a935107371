import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { CommaList, ConfigError, Flag, Port, readConfig } from './config.ts';

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_HOSTS: CommaList.default([]),
  SPILLWAY_FAST: Flag.default(false),
});

test('an empty variable counts as not set', () => {
  expect(readConfig(Settings, { PORT: '' })).toEqual({
    PORT: 8080,
    SPILLWAY_HOSTS: [],
    SPILLWAY_FAST: false,
  });
});

test('text becomes numbers, flags and lists', () => {
  expect(
    readConfig(Settings, { PORT: '0', SPILLWAY_HOSTS: 'a, b,,c', SPILLWAY_FAST: 'yes' }),
  ).toEqual({ PORT: 0, SPILLWAY_HOSTS: ['a', 'b', 'c'], SPILLWAY_FAST: true });
});

test('every wrong variable is named at once', () => {
  const read = () => readConfig(Settings, { PORT: '70000', SPILLWAY_FAST: 'perhaps' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/PORT[\s\S]*SPILLWAY_FAST/);
});
