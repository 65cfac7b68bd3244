import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, type KeyboardEvent } from 'react';
import { t } from '../../texts/t';
import { MatchSteps } from './MatchSteps';
import type { Find } from './use-find';

interface Props {
  find: Find;
  text: string;
  /** Another number whenever it is to take the focus; 0 for not at all. */
  summons: number;
  onText: (text: string) => void;
  /** It is empty, and nobody is in it. */
  onClose: () => void;
  /** The person leaves: closes it, and goes to the view. */
  onLeave: () => void;
  /** The person goes to the view; the search stays. */
  onView: () => void;
}

/** What is looked for in the flow. */
export function SearchBox({ find, text, summons, onText, onClose, onLeave, onView }: Props) {
  const styles = useStyles2(getStyles);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (summons > 0) input.current?.select();
  }, [summons]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') find.steps.toMatch(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown') onView();
    else if (event.key === 'Escape' && text !== '') onText('');
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="search" className={styles.box} data-testid="flow-search">
      <Icon name="search" size="sm" />
      <input
        ref={input}
        type="text"
        className={styles.input}
        value={text}
        placeholder={t('find.placeholder')}
        title={t('find.hint')}
        aria-label={t('find.search-field')}
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (text === '') onClose();
        }}
      />
      {text !== '' && <MatchSteps find={find} />}
      <IconButton
        name="times"
        size="md"
        aria-label={text === '' ? t('find.close') : t('find.clear')}
        tooltip={text === '' ? t('find.close') : t('find.clear')}
        onClick={() => {
          onText('');
          onLeave();
        }}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    alignItems: 'center',
    flex: '0 1 300px',
    minWidth: 90,
    gap: theme.spacing(0.5),
    height: 24,
    padding: theme.spacing(0, 0.5, 0, 1),
    color: theme.colors.text.secondary,
    background: theme.components.input.background,
    border: `1px solid ${theme.components.input.borderColor}`,
    borderRadius: theme.shape.radius.default,
    '&:focus-within': { borderColor: theme.colors.primary.border },
    '& button': { margin: 0 },
    '& > svg': { flex: 'none' },
  }),
  input: css({
    flex: 1,
    minWidth: 30,
    height: '100%',
    padding: 0,
    border: 0,
    font: 'inherit',
    color: theme.components.input.text,
    background: 'none',
    outline: 'none',
    '&::placeholder': { color: theme.colors.text.secondary, opacity: 1 },
  }),
});
