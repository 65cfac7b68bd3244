import {
  onUpdateDatasourceOption,
  onUpdateDatasourceSecureJsonDataOption,
  updateDatasourcePluginResetOption,
  type DataSourcePluginOptionsEditorProps,
} from '@grafana/data';
import { Field, FieldSet, Input, SecretInput, TextLink } from '@grafana/ui';
import React from 'react';
import { APP_ID } from '../constants';
import { t } from '../texts/t';
import { PriceTableEditor } from './PriceTableEditor';
import type { FlowDatasourceOptions, FlowSecrets } from './types';

type Props = DataSourcePluginOptionsEditorProps<FlowDatasourceOptions, FlowSecrets>;

const TOKENS = ['readToken', 'controlToken'] as const satisfies readonly (keyof FlowSecrets)[];

/** Where the bridge is, the tokens for it, and what models cost. Grafana's server sends them; they never reach the browser again. */
export function ConfigEditor(props: Props) {
  const { options, onOptionsChange } = props;
  const { jsonData } = options;
  const isReadOnly = options.readOnly === true;
  const change = (changed: Partial<FlowDatasourceOptions>): void =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...changed } });
  return (
    <>
      <FieldSet label={t('settings.connection')}>
        <Field label={t('settings.url')} description={t('settings.url-hint')} required>
          <Input
            id="flow-url"
            width={50}
            value={options.url}
            placeholder="http://localhost:8090"
            disabled={isReadOnly}
            onChange={onUpdateDatasourceOption(props, 'url')}
          />
        </Field>
      </FieldSet>
      <FieldSet label={t('settings.tokens')}>
        {TOKENS.map((name) => (
          <Field key={name} label={t(`settings.${name}`)} description={t(`settings.${name}-hint`)}>
            <SecretInput
              id={`flow-${name}`}
              width={50}
              isConfigured={options.secureJsonFields?.[name] === true}
              value={options.secureJsonData?.[name] ?? ''}
              disabled={isReadOnly}
              placeholder={t('settings.token')}
              onChange={onUpdateDatasourceSecureJsonDataOption(props, name)}
              onReset={() => updateDatasourcePluginResetOption(props, name)}
            />
          </Field>
        ))}
      </FieldSet>
      <PriceTableEditor
        rows={jsonData.prices ?? []}
        currency={jsonData.currency}
        disabled={isReadOnly}
        onRows={(prices) => change({ prices })}
        onCurrency={(currency) => change({ currency })}
      />
      <TextLink href={`/plugins/${APP_ID}`}>{t('settings.docs')}</TextLink>
    </>
  );
}
