import type { OpenTarget } from '../../app/ports.ts';
import { readEcsConfig } from './config.ts';
import { EcsTarget, openEcsClient } from './target.ts';

/** Throws `ConfigError`. */
export const openEcsTarget: OpenTarget = async (environment, log) =>
  new EcsTarget({ config: readEcsConfig(environment), client: openEcsClient(), log });
