import React from 'react';
import { FilterFields } from '../editor/FilterFields';
import type { KindEditorProps } from '../query-kind';
import type { MonitoredUsersQuery } from './query';

export function MonitoredUsersEditor(props: KindEditorProps<MonitoredUsersQuery>) {
  return <FilterFields {...props} fields={['user']} />;
}
