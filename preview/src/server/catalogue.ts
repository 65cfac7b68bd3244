import type { PreviewConfig } from './config';
import { readPlugins, type Plugin } from './plugins';
import { readProvisioning, type DataSource, type Provisioning } from './provisioning';

/** All that is on disk now. */
export interface Catalogue extends Provisioning {
  plugins: Plugin[];
  /** What is provisioned for Grafana and has no plugin here, in words. */
  leftOut: string[];
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
    // Without any plugin it is the build that is missing, and that is told.
    const isKnown = ({ type }: DataSource): boolean => plugins.length === 0 || plugins.some(({ id }) => id === type);
    return {
      ...provisioning,
      plugins,
      dataSources: provisioning.dataSources.filter(isKnown),
      leftOut: provisioning.dataSources
        .filter((item) => !isKnown(item))
        .map(({ name, type }) => `the data source ${name} is left out, since there is no plugin ${type} here`),
    };
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
