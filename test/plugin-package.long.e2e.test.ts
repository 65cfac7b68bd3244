import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { installPacked } from './support/npm-project';

const PLUGIN = '@flow-tracking/grafana-plugin';
const dist = path.resolve(__dirname, '../grafana-plugin/dist');

describe("the plugin's package", () => {
  it('is the built plugin, the same bytes that the browser tests show, and needs nothing beside it', async () => {
    const project = await installPacked(['grafana-plugin']);
    try {
      const installed = path.join(project.dir, 'node_modules');
      expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual(['@flow-tracking']);
      const built = project.filesOf(PLUGIN).filter((file) => file.startsWith('dist/'));
      const wanted = readdirSync(dist, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join('dist', path.relative(dist, path.join(entry.parentPath, entry.name))));
      expect(built.sort()).toEqual(wanted.sort());
      expect(built).toEqual(expect.arrayContaining(['dist/plugin.json', 'dist/module.js', 'dist/panel/module.js']));
      for (const file of built) {
        const [packed, source] = [path.join(installed, PLUGIN, file), path.join(dist, '..', file)];
        expect([file, readFileSync(packed).equals(readFileSync(source))]).toEqual([file, true]);
      }
      const others = project.filesOf(PLUGIN).filter((file) => !file.startsWith('dist/'));
      expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    } finally {
      await project.remove();
    }
  });
});
