/** The modules that Grafana hands to plugins; what isn't here must be bundled by the plugin, as in Grafana. */
const SHARED = [
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/data/unstable',
  '@grafana/runtime',
  '@grafana/runtime/unstable',
  '@grafana/ui',
  '@grafana/ui/unstable',
  'i18next',
  'jquery',
  'lodash',
  'moment',
  'prismjs',
  'react',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'react-dom',
  'react-inlinesvg',
  'react-router',
  'react-router-dom',
  'rxjs',
  'rxjs/operators',
] as const;

/** Makes the shared libraries known to SystemJS under the names that built plugins ask for. */
export function registerSharedLibraries(): void {
  const imports: Record<string, string> = {};
  for (const name of SHARED) {
    const url = `shared:${name}`;
    imports[name] = url;
    // With `__useDefault` an AMD module gets the library itself and not a wrapper around it.
    System.set(url, { default: window.previewVendor[name], __useDefault: true });
  }
  System.addImportMap({ imports });
}
