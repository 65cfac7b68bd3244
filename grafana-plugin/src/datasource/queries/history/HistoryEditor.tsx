import React from 'react';
import { SelectUsers } from '../editor/SelectUsers';
import type { KindEditorProps } from '../query-kind';
import type { HistoryQuery } from './query';

export function HistoryEditor(props: KindEditorProps<HistoryQuery>) {
  return <SelectUsers {...props} />;
}
