import { css } from '@emotion/css';
import React from 'react';

/** What follows it stands in a row of its own. */
export function NewRow() {
  return <div className={css({ flexBasis: '100%' })} />;
}
