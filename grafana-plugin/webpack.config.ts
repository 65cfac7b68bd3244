import path from 'node:path';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import scaffolded, { type Env } from './.config/webpack/webpack.config.ts';

/** The scaffold's configuration, which stays as generated, with what this workspace needs on top. */
const config = async (env: Env): Promise<Configuration> => {
  const base = await scaffolded(env);
  return {
    ...base,
    // Built from its sources: the workspace package is CommonJS, and its dist/ may not be there yet.
    resolve: {
      ...base.resolve,
      alias: {
        '@flow-tracking/protocol$': path.resolve(process.cwd(), '../protocol/src/index.ts'),
        '@flow-tracking/protocol/model$': path.resolve(process.cwd(), '../protocol/src/model/index.ts'),
      },
    },
    plugins: [
      ...(base.plugins ?? []),
      new CopyWebpackPlugin({
        patterns: [
          // The scaffold copies the logos of the outer plugin only.
          { from: '*/img/*', to: '.' },
          { from: '*.json', to: 'dashboards', context: '../../provisioning/dashboards/flow-tracking' },
        ],
      }),
    ],
    performance: { hints: false },
  };
};

export default config;
