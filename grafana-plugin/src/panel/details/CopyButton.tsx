import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { t } from '../../texts/t';
import { copyText } from './copy-text';

/** How long a button says that it has copied. */
const SAID_MS = 2_000;

interface Props {
  /** What it copies, in words: `Copy the stack`. */
  label: string;
  getText: () => string;
  className?: string;
  /** Where one of many is the tab stop. */
  tabIndex?: number;
}

/** Copies a text, and says for a moment whether that went well. */
export function CopyButton({ label, getText, className, tabIndex }: Props) {
  const styles = useStyles2(getStyles);
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const words = said === 'copied' ? t('details.copied') : said === 'refused' ? t('details.copy-refused') : label;
  return (
    <button
      type="button"
      className={cx(styles.button, className)}
      aria-label={words}
      title={words}
      data-copy=""
      data-said={said ?? ''}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(getText(), event.currentTarget).then((done) => setSaid(done ? 'copied' : 'refused'));
      }}
    >
      <Icon name={said === 'copied' ? 'check' : said === 'refused' ? 'exclamation-triangle' : 'copy'} size="sm" />
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  button: css({
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flex: 'none',
    width: theme.spacing(2.5),
    height: theme.spacing(2.5),
    padding: 0,
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'none',
    color: theme.colors.text.secondary,
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    "&[data-said='copied']": { color: theme.colors.success.text },
    "&[data-said='refused']": { color: theme.colors.warning.text },
  }),
});
