import type { Logger } from './log.ts';
import { collectSpans } from './trace.ts';
import { readTracingConfig } from './tracing-config.ts';

export interface Tracing {
  /** Sends what is still here. */
  close(): Promise<void>;
}

/**
 * Sends the spans of this process by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says (with its
 * `_HEADERS`, `_TIMEOUT`, ...); without it nothing is loaded. `service` is its name unless `OTEL_SERVICE_NAME`
 * gives another. Throws `ConfigError`.
 */
export async function startTracing(service: string, log: Logger): Promise<Tracing> {
  const config = readTracingConfig();
  if (!config) return { close: async () => {} };
  const { startOtlp } = await import('./otlp.ts');
  const { startSpan, close } = startOtlp(service, config, log);
  collectSpans(startSpan);
  return {
    async close() {
      collectSpans(null);
      await close();
    },
  };
}
