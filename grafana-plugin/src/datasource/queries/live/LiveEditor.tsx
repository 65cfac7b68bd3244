import React from 'react';
import { SelectUsers } from '../editor/SelectUsers';
import type { KindEditorProps } from '../query-kind';
import type { LiveQuery } from './query';

export function LiveEditor(props: KindEditorProps<LiveQuery>) {
  return <SelectUsers {...props} isLive />;
}
