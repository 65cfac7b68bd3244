/**
 * Everything the page and the plugins share, under the names plugins import it by. build/page.mjs reads the names in
 * this list (two spaces of indent, one a line) to know what it must not bundle again.
 */
import 'react-grid-layout/css/styles.css';
import 'react-resizable/css/styles.css';
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaDataUnstable from '@grafana/data/unstable';
import * as grafanaSelectors from '@grafana/e2e-selectors';
import * as grafanaI18n from '@grafana/i18n';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaRuntimeUnstable from '@grafana/runtime/unstable';
import * as grafanaScenes from '@grafana/scenes';
import * as grafanaSchema from '@grafana/schema';
import * as grafanaUi from '@grafana/ui';
import * as grafanaUiUnstable from '@grafana/ui/unstable';
import * as i18next from 'i18next';
import * as reactInlinesvg from 'react-inlinesvg';
import * as reactRouter from 'react-router';
import * as reactRouterDom from 'react-router-dom';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';
import * as internals from './internals';

// CommonJS packages are handed on as they are: a plugin's `import React from 'react'` means `module.exports`.
const packages: Record<string, unknown> = {
  '@emotion/css': emotionCss,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  '@grafana/data/unstable': grafanaDataUnstable,
  '@grafana/e2e-selectors': grafanaSelectors,
  '@grafana/i18n': grafanaI18n,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/runtime/unstable': grafanaRuntimeUnstable,
  '@grafana/scenes': grafanaScenes,
  '@grafana/schema': grafanaSchema,
  '@grafana/ui': grafanaUi,
  '@grafana/ui/unstable': grafanaUiUnstable,
  history: require('history'),
  i18next: i18next,
  jquery: require('jquery'),
  lodash: require('lodash'),
  moment: require('moment'),
  prismjs: require('prismjs'),
  react: require('react'),
  'react/jsx-runtime': require('react/jsx-runtime') as unknown,
  'react/jsx-dev-runtime': require('react/jsx-dev-runtime') as unknown,
  'react-dom': require('react-dom') as unknown,
  'react-dom/client': require('react-dom/client') as unknown,
  'react-inlinesvg': reactInlinesvg,
  'react-router': reactRouter,
  'react-router-dom': reactRouterDom,
  rxjs: rxjs,
  'rxjs/operators': rxjsOperators,
  uplot: require('uplot'),
  '#grafana-internals': internals,
};

window.previewVendor = packages;
