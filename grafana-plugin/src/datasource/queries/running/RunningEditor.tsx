import React from 'react';
import { FilterFields } from '../editor/FilterFields';
import { LimitField } from '../editor/LimitField';
import { MinDurationField } from '../editor/MinDurationField';
import { NewRow } from '../editor/NewRow';
import type { KindEditorProps } from '../query-kind';
import { MAX_RUNNING, type RunningQuery } from './query';

export function RunningEditor(props: KindEditorProps<RunningQuery>) {
  return (
    <>
      <NewRow />
      <FilterFields {...props} fields={['user', 'service', 'checkpoint']} />
      <NewRow />
      <MinDurationField {...props} />
      <LimitField value={props.query.limit} most={MAX_RUNNING} onApply={props.onApply} />
    </>
  );
}
