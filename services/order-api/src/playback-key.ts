// npm run playback-key: the key with which a CDN checks playback tokens. See docs/playback.md.
import { playbackKey } from './app/playback-tokens.ts';
import { readOrderApiConfig } from './config.ts';

process.stdout.write(`${playbackKey(readOrderApiConfig().secret)}\n`);
