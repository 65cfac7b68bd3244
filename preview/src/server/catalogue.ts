import type { PreviewConfig } from './config';
import { readPlugins, type Plugin } from './plugins';
import { readProvisioning, type Provisioning } from './provisioning';

/** All that is on disk now. */
export interface Catalogue extends Provisioning {
  plugins: Plugin[];
}

/** How long a reading counts. Short, so that an edited dashboard needs a reload of the page and not a restart. */
const MAX_AGE_MS = 1000;

export interface CatalogueReader {
  read(): Promise<Catalogue>;
}

/** Reads plugins and provisioning when asked, at most once a second and once at a time. */
export function createCatalogueReader(config: PreviewConfig): CatalogueReader {
  let readAt = 0;
  let current: Promise<Catalogue> | undefined;

  const readDisk = async (): Promise<Catalogue> => {
    const provisioning = await readProvisioning(config.provisioningDir, config.variables);
    const plugins = await readPlugins(config.pluginDir, provisioning.problems);
    return { ...provisioning, plugins };
  };

  return {
    read() {
      if (!current || Date.now() - readAt > MAX_AGE_MS) {
        readAt = Date.now();
        current = readDisk();
      }
      return current;
    },
  };
}
