import {
  onUpdateDatasourceOption,
  onUpdateDatasourceSecureJsonDataOption,
  updateDatasourcePluginResetOption,
  type DataSourcePluginOptionsEditorProps,
} from '@grafana/data';
import { Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import React from 'react';
import { PriceTableEditor } from './PriceTableEditor';
import type { FlowDatasourceOptions, FlowSecrets } from './types';

type Props = DataSourcePluginOptionsEditorProps<FlowDatasourceOptions, FlowSecrets>;

const TOKENS: { name: keyof FlowSecrets; label: string; description: string }[] = [
  {
    name: 'readToken',
    label: 'Read token',
    description: 'One of the bridge’s FLOW_READ_TOKENS. Opens flows, live and from history, to everyone who may query.',
  },
  {
    name: 'controlToken',
    label: 'Control token',
    description: 'One of the bridge’s FLOW_CONTROL_TOKENS. Lets Editors and Admins switch monitoring on and off.',
  },
];

/** Where the bridge is, the tokens for it, and what models cost. Grafana's server sends them; they never reach the browser again. */
export function ConfigEditor(props: Props) {
  const { options, onOptionsChange } = props;
  const { jsonData } = options;
  const change = (changed: Partial<FlowDatasourceOptions>): void =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...changed } });
  return (
    <>
      <FieldSet label="Bridge">
        <Field label="URL" description="Where Grafana’s server reaches the bridge." required>
          <Input
            id="flow-url"
            width={50}
            value={options.url}
            placeholder="http://localhost:8090"
            disabled={options.readOnly === true}
            onChange={onUpdateDatasourceOption(props, 'url')}
          />
        </Field>
        {TOKENS.map(({ name, label, description }) => (
          <Field key={name} label={label} description={description}>
            <SecretInput
              id={`flow-${name}`}
              width={50}
              isConfigured={options.secureJsonFields?.[name] === true}
              value={options.secureJsonData?.[name] ?? ''}
              disabled={options.readOnly === true}
              placeholder="Token"
              onChange={onUpdateDatasourceSecureJsonDataOption(props, name)}
              onReset={() => updateDatasourcePluginResetOption(props, name)}
            />
          </Field>
        ))}
      </FieldSet>
      <PriceTableEditor
        rows={jsonData.prices ?? []}
        currency={jsonData.currency}
        disabled={options.readOnly === true}
        onRows={(prices) => change({ prices })}
        onCurrency={(currency) => change({ currency })}
      />
    </>
  );
}
