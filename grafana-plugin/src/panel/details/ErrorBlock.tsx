import type { ErrorInfo } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { t } from '../../texts/t';
import { CopyButton } from './CopyButton';
import { LongText } from './LongText';
import { countLines, stackParts, type StackPart } from './stack';
import { dataText, textButton } from './text-styles';

/** A longer stack is cut: nobody reads further, and it would hold up the page. */
const MOST_CHARACTERS = 200_000;

interface Props {
  error: ErrorInfo | null;
  stack: string | null;
  /** The node at which it began, when this one only passed it on. */
  cause: { readonly name: string; readonly onGo: () => void } | null;
}

/** Why a node failed, where that began, and its stack when one opens it. */
export function ErrorBlock({ error, stack, cause }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.block} role="group" aria-label={t('details.error')} data-passed-on={cause !== null}>
      {error !== null && (
        <div className={styles.message}>
          <strong className={styles.type}>{error.type}</strong>
          {error.message !== '' && <LongText text={error.message} />}
        </div>
      )}
      {cause !== null && (
        <div className={styles.cause}>
          <span>{t('details.passed-on', { name: cause.name })}</span>
          <Button size="sm" variant="secondary" icon="arrow-right" onClick={cause.onGo}>
            {t('details.go-to-cause')}
          </Button>
        </div>
      )}
      {stack !== null && <Stack key={stack} text={stack} />}
    </div>
  );
}

function Stack({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const [isOpen, setIsOpen] = useState(false);
  const parts = useMemo(() => stackParts(text.slice(0, MOST_CHARACTERS)), [text]);
  const lines = countLines(parts);
  return (
    <div className={styles.stack}>
      <div className={styles.head}>
        <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'angle-down' : 'angle-right'} size="sm" />
          {t('details.stack-lines', { count: lines })}
        </button>
        <CopyButton label={t('details.copy-stack')} getText={() => text} />
      </div>
      {isOpen && (
        <div
          className={styles.lines}
          data-testid="flow-stack"
          tabIndex={0}
          role="region"
          aria-label={t('details.stack')}
        >
          {parts.map((part, i) => (
            <Part key={i} part={part} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Frames of libraries fold, so that those of the application are what is seen. */
function Part({ part }: { part: StackPart }) {
  const styles = useStyles2(getStyles);
  const { kind, lines } = part;
  const [isOpen, setIsOpen] = useState(false);
  if (kind === 'own' || lines.length === 1 || isOpen) {
    return (
      <div className={kind === 'own' ? styles.own : styles.foreign} data-frames={kind}>
        {lines.map((line, i) => (
          <div key={i} className={styles.line}>
            {line.trim()}
          </div>
        ))}
      </div>
    );
  }
  return (
    <button type="button" className={styles.more} aria-expanded={false} onClick={() => setIsOpen(true)}>
      {t('details.package-lines', { count: lines.length })}
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  return {
    block: css({
      padding: theme.spacing(0.75, 1),
      borderRadius: theme.shape.radius.default,
      borderLeft: `3px solid ${theme.colors.error.border}`,
      background: theme.colors.error.transparent,
      minWidth: 0,
      "&[data-passed-on='true']": {
        borderLeftColor: theme.colors.border.strong,
        background: theme.colors.background.secondary,
      },
    }),
    message: css({ overflowWrap: 'anywhere' }),
    // Red on red would be hard to read in the light theme; the line at the left is red.
    type: css({ display: 'block', fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.primary }),
    cause: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(0.5, 1),
      marginTop: theme.spacing(0.5),
      overflowWrap: 'anywhere',
    }),
    stack: css({ marginTop: theme.spacing(0.5) }),
    head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }),
    fold: css(textButton(theme), {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      color: theme.colors.text.primary,
    }),
    lines: css({
      maxHeight: 320,
      overflowY: 'auto',
      marginTop: theme.spacing(0.5),
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 11,
      lineHeight: 1.5,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
    }),
    own: css({ color: theme.colors.text.primary }),
    foreign: css({ color: theme.colors.text.secondary }),
    // What does not fit goes on further to the right, so that each line's begin is seen.
    line: css({ ...dataText, minHeight: '1em', paddingLeft: theme.spacing(2), textIndent: theme.spacing(-2) }),
    more: css(textButton(theme), {
      display: 'block',
      color: theme.colors.text.secondary,
    }),
  };
};
