import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { t } from '../../texts/t';
import { beginning, cutAt, isLong, PAGE_CHARACTERS } from './long-text';
import { dataText, textButton } from './text-styles';

interface Props {
  text: string;
  className?: string;
}

/** A text of the data, cut to about six lines until a person wants all of it. */
export function LongText({ text, className }: Props) {
  const styles = useStyles2(getStyles);
  /** Characters that are shown; 0 while it is folded. */
  const [shown, setShown] = useState(0);
  if (!isLong(text)) return <span className={cx(styles.text, className)}>{text}</span>;
  const isOpen = shown > 0;
  const left = text.length - shown;
  return (
    <span className={styles.block}>
      <span className={cx(styles.text, isOpen ? undefined : styles.clamped, className)}>
        {isOpen ? cutAt(text, shown) : beginning(text)}
      </span>
      <span className={styles.buttons}>
        {isOpen && left > 0 && (
          <button type="button" className={styles.button} onClick={() => setShown(shown + PAGE_CHARACTERS)}>
            {t('details.show-more-characters', { number: Math.min(left, PAGE_CHARACTERS), all: left })}
          </button>
        )}
        <button
          type="button"
          className={styles.button}
          aria-expanded={isOpen}
          onClick={() => setShown(isOpen ? 0 : PAGE_CHARACTERS)}
        >
          {isOpen ? t('details.show-less') : t('details.show-all', { number: text.length })}
        </button>
      </span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  block: css({ display: 'block', minWidth: 0 }),
  text: css(dataText),
  clamped: css({
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 6,
    overflow: 'hidden',
  }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1.5) }),
  button: css(textButton(theme), { fontSize: theme.typography.bodySmall.fontSize }),
});
