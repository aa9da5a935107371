import { type Outputs, type OutputsRequest, Preset, type PresetFile } from '@spillway/contracts';

/** By name, with every choice made. */
export type Presets = ReadonlyMap<string, Preset>;

/** What a preset leaves out is as in `fallback`, and what that leaves out as the code says. */
export function resolvePreset(name: string, preset: PresetFile, fallback: PresetFile): Preset {
  const audio = { ...fallback.audio, ...preset.audio };
  return Preset.parse({ ...fallback, ...preset, audio, name });
}

/** What an order makes: what it says itself goes before its preset. */
export function chooseOutputs(asked: OutputsRequest, preset: Preset): Outputs {
  return {
    preset: preset.name,
    renditions: asked.renditions ?? preset.renditions,
    formats: asked.formats ?? preset.formats,
    audio: { ...preset.audio, ...asked.audio },
    speed: asked.speed ?? preset.speed,
    captions: asked.captions,
    destination: asked.destination ?? null,
    allowPartial: asked.allowPartial,
  };
}
