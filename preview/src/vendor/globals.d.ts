import type { BootPayload } from '../shared/boot';

declare global {
  interface Window {
    /** Filled by vendor.js: module name → module. */
    previewVendor: Record<string, unknown>;
    /** Set by the HTML before any of Grafana's libraries is evaluated; they read it on import. */
    grafanaBootData: BootPayload['grafana'];
    /** What Grafana's server knows beyond its boot data: the preview's catalogue. */
    previewCatalogue: BootPayload['catalogue'];
    __grafana_public_path__: string;
  }
}
