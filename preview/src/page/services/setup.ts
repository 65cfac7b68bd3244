import {
  locationUtil,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  type TransformerRegistryItem,
} from '@grafana/data';
import {
  config,
  setAppEvents,
  setBackendSrv,
  setChromeHeaderHeightHook,
  setCurrentUser,
  setDataSourceSrv,
  setEchoSrv,
  setHelpNavItemHook,
  setLocationSrv,
  setMegaMenuOpenHook,
  setPluginComponentHook,
  setPluginComponentsHook,
  setPluginFunctionsHook,
  setPluginImportUtils,
  setPluginLinksHook,
  setReturnToPreviousHook,
  setRunRequest,
  setTemplateSrv,
  locationService,
} from '@grafana/runtime';
import {
  initDataSourceInstanceSettings,
  initializeI18n,
  setDataSourcePluginImporter,
  setPluginPage,
} from '#grafana-internals';
import { sceneGraph } from '@grafana/scenes';
import { PluginPageFrame } from '../chrome/plugin-page-frame';
import { appEvents } from './app-events';
import { createBackendSrv } from './backend-srv';
import { createDataSourceSrv } from './data-source-srv';
import { getPanelPluginFromCache, importDataSourcePlugin, importPanelPlugin } from './plugin-loader';
import { runRequest } from './run-request';
import { optionEditors } from './option-editors';
import { registerSharedLibraries } from './shared-libraries';
import { standardFieldConfig } from './standard-field-config';
import { createTemplateSrv } from './template-srv';

/** Fills every place in Grafana's libraries that the application around them must fill. Once, before the first render. */
export async function setUpGrafana(): Promise<void> {
  await initializeI18n({ language: 'en-US', ns: ['grafana'] });
  registerSharedLibraries();
  setRegistries();

  setAppEvents(appEvents);
  setBackendSrv(createBackendSrv());
  setTemplateSrv(createTemplateSrv());
  setDataSourceSrv(createDataSourceSrv());
  initDataSourceInstanceSettings(config.datasources, config.defaultDatasource);
  setDataSourcePluginImporter(importDataSourcePlugin);
  setPluginImportUtils({ importPanelPlugin, getPanelPluginFromCache });
  setRunRequest(runRequest);
  setLocationSrv(locationService);
  setCurrentUser(config.bootData.user);
  setPluginPage(PluginPageFrame);
  locationUtil.initialize({
    config: { appSubUrl: config.appSubUrl } as Parameters<typeof locationUtil.initialize>[0]['config'],
    getTimeRangeForUrl: () => sceneGraph.getTimeRange(window.__grafanaSceneContext!).state.value.raw,
    getVariablesUrlParams: () => ({}),
  });
  setWithoutFunction();
}

function setRegistries(): void {
  standardEditorsRegistry.setInit(optionEditors);
  standardFieldConfigEditorRegistry.setInit(standardFieldConfig);
  // Some have a second name.
  const transformers = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
  standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map(
      (transformer) =>
        ({
          id: transformer.id,
          name: transformer.name,
          description: transformer.description,
          // Grafana 13 calls it, 12 takes it as it is.
          transformation: Object.assign(() => Promise.resolve(transformer), {
            operator: transformer.operator,
            defaultOptions: transformer.defaultOptions as unknown,
          }),
          editor: () => null,
          imageDark: '',
          imageLight: '',
        }) as TransformerRegistryItem,
    ),
  );
}

/** Parts of Grafana that the preview doesn't have: they answer that there is nothing. */
function setWithoutFunction(): void {
  setEchoSrv({ flush: () => {}, addBackend: () => {}, addEvent: () => {}, onInteraction: () => () => {} });
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setPluginComponentHook(() => ({ component: null, isLoading: false }));
  setPluginComponentsHook(() => ({ components: [], isLoading: false }));
  setPluginFunctionsHook(() => ({ functions: [], isLoading: false }));
  setReturnToPreviousHook(() => () => {});
  setHelpNavItemHook(() => undefined);
  setMegaMenuOpenHook(() => [false, () => {}]);
  setChromeHeaderHeightHook(() => 0);
}
