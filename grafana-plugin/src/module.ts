import { AppPlugin } from '@grafana/data';
import { AppRoot } from './app/AppRoot';
import { ConfigPage } from './app/config/ConfigPage';
import { t } from './texts/t';

export const plugin = new AppPlugin().setRootPage(AppRoot).addConfigPage({
  title: t('app.links.start'),
  icon: 'info-circle',
  body: ConfigPage,
  id: 'start',
});
