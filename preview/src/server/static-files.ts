import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream';
import type { Plugin } from './plugins';
import { sendJson, sendText } from './responses';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Shown for the few of Grafana's icons that it doesn't publish: a failed request would fill the console. */
const PLACEHOLDER_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="4"/></svg>';

const ICONS = '/public/build/img/icons/';
/** Grafana's global styles ask for a file per weight; one variable font has them all. */
const FONTS = [
  ['/public/fonts/inter/', 'inter-latin-wght-normal.woff2'],
  ['/public/fonts/roboto/', 'roboto-mono-latin-400-normal.woff2'],
] as const;
const PLUGINS = '/public/plugins/';

/** Answers `/public/…`: plugin files, icons, and the page's own files. */
export async function serveStatic(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  publicDir: string,
  plugins: Plugin[],
): Promise<void> {
  if (path.startsWith(PLUGINS)) {
    const [id = '', ...rest] = path.slice(PLUGINS.length).split('/');
    // A nested plugin has its own id and folder, so a chunk that webpack wrote beside the app's module isn't found
    // under it: Grafana answers 404 there, and so does this.
    const plugin = plugins.find((candidate) => candidate.id === id);
    if (plugin && (await sendFile(req, res, plugin.dir, rest.join('/')))) return;
    return notFound(res, path);
  }
  if (path.startsWith(ICONS)) {
    const name = path.slice(ICONS.length);
    const file = name.slice(name.lastIndexOf('/') + 1);
    for (const candidate of [name, `solid/${file}`, `unicons/${file}`]) {
      if (await sendFile(req, res, join(publicDir, 'icons'), candidate)) return;
    }
    return sendText(res, 200, 'image/svg+xml', PLACEHOLDER_ICON);
  }
  for (const [prefix, file] of FONTS) {
    if (path.startsWith(prefix) && (await sendFile(req, res, join(publicDir, 'fonts'), file))) return;
  }
  if (
    path.startsWith('/public/preview/') &&
    (await sendFile(req, res, publicDir, path.slice('/public/preview/'.length)))
  ) {
    return;
  }
  notFound(res, path);
}

function notFound(res: ServerResponse, path: string): void {
  sendJson(res, 404, { message: `${path} not found` });
}

/** @returns false when there is no such file under `root` */
async function sendFile(req: IncomingMessage, res: ServerResponse, root: string, path: string): Promise<boolean> {
  const file = join(root, normalize(path));
  if (!file.startsWith(root + sep) || path.includes('\0')) return false;
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return false;

  const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`;
  const headers = {
    'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    etag,
  };
  if (req.headers['if-none-match'] === etag) {
    res.writeHead(304, headers).end();
    return true;
  }
  res.writeHead(200, { ...headers, 'content-length': info.size });
  if (req.method === 'HEAD') res.end();
  else pipeline(createReadStream(file), res, () => {});
  return true;
}
