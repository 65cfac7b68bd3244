import type { BootPayload } from '../shared/boot';
import type { GrafanaMajor } from '../shared/grafana';
import { vendorPath } from './vendor-path';

/** The one HTML page. The boot data stands before the libraries, which read it while they are evaluated. */
export function renderPage(boot: BootPayload, grafana: GrafanaMajor): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Flow tracking preview</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(FAVICON)}" />
    <link rel="preload" href="/public/fonts/inter/Inter-Regular.woff2" as="font" type="font/woff2" crossorigin />
    <link rel="stylesheet" href="/public/preview/${vendorPath(grafana, 'css')}" />
    <style>
      :root { color-scheme: dark; background: #111217; }
      body { margin: 0; }
      :root[data-theme='light'] { color-scheme: light; background: #f4f5f5; }
    </style>
    <script>
      window.__grafana_public_path__ = '/public/';
      window.grafanaBootData = ${toScriptJson(boot.grafana)};
      window.previewCatalogue = ${toScriptJson(boot.catalogue)};
      ${CHOOSE_THEME}
    </script>
    <script defer src="/public/preview/${vendorPath(grafana, 'js')}"></script>
    <script defer src="/public/preview/page.js"></script>
  </head>
  <body>
    <div id="root"><noscript>This page needs JavaScript.</noscript></div>
  </body>
</html>
`;
}

const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 8h4m0 0c3 0 2-4 5-4M7 8c3 0 2 4 5 4" stroke="#6e9fff" fill="none" stroke-width="1.5"/><g fill="#6e9fff"><circle cx="3" cy="8" r="2"/><circle cx="13" cy="4" r="2"/><circle cx="13" cy="12" r="2"/></g></svg>';

// Before the first paint, so that a light page doesn't flash dark. The address wins over what the button stored.
const CHOOSE_THEME = `(function () {
        var asked = new URLSearchParams(location.search).get('theme');
        var stored = null;
        try { stored = localStorage.getItem('preview.theme'); } catch (e) { /* storage may be off */ }
        var theme = [asked, stored].find(function (name) { return name === 'light' || name === 'dark'; }) || 'dark';
        window.grafanaBootData.user.theme = theme;
        window.grafanaBootData.user.lightTheme = theme === 'light';
        document.documentElement.dataset.theme = theme;
      })();`;

/** JSON that can't end the script element it stands in. */
function toScriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}
