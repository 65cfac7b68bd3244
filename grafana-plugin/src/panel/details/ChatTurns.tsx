import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo, useState } from 'react';
import { t } from '../../texts/t';
import { toJson } from '../to-json';
import { isParent } from './attribute-value';
import type { ChatPart, ChatTurn } from './chat';
import { CopyButton } from './CopyButton';
import { JsonTree } from './JsonTree';
import { LongText } from './LongText';
import { Section } from './Section';
import { dataText, textButton, withCopyButton } from './text-styles';

/** The latest turns of a long conversation, and how many more one press shows. */
const PAGE = 20;

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'prompt', 'answer', 'input', 'output'] as const;

/** What a speaker is called; one that is not known keeps its own name. */
function roleName(role: string): string {
  const known = ROLES.find((candidate) => candidate === role);
  return known === undefined ? role : t(`details.roles.${known}`);
}

/** The conversation at a node. What it says is shown as text and nothing else. */
export const ChatTurns = memo(function ChatTurns({ turns }: { turns: readonly ChatTurn[] }) {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState(PAGE);
  if (turns.length === 0) return null;
  const hidden = Math.max(0, turns.length - shown);
  return (
    <Section title={t('details.chat')}>
      {hidden > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + PAGE)}>
          {t('details.show-earlier-turns', { number: Math.min(hidden, PAGE), all: hidden })}
        </button>
      )}
      <ol className={styles.turns} data-testid="flow-chat">
        {turns.slice(hidden).map((turn, i) => (
          <Turn key={hidden + i} turn={turn} />
        ))}
      </ol>
    </Section>
  );
});

function copyOf(parts: readonly ChatPart[]): string {
  return parts
    .map((part) => ('text' in part ? part.text : typeof part.value === 'string' ? part.value : toJson(part.value)))
    .join('\n');
}

function Turn({ turn }: { turn: ChatTurn }) {
  const styles = useStyles2(getStyles);
  const name = roleName(turn.role);
  return (
    <li className={styles.turn} data-role={turn.role}>
      <div className={styles.head}>
        <span className={styles.role}>{name}</span>
        <CopyButton label={t('details.copy-said', { role: name })} getText={() => copyOf(turn.parts)} />
      </div>
      {turn.parts.map((part, i) => (
        <Part key={i} part={part} />
      ))}
      {turn.parts.length === 0 && <span className={styles.muted}>{t('details.nothing-said')}</span>}
    </li>
  );
}

function Part({ part }: { part: ChatPart }) {
  const styles = useStyles2(getStyles);
  switch (part.kind) {
    case 'text':
      return <LongText text={part.text} className={styles.text} />;
    case 'thought':
      return (
        <div className={styles.muted}>
          <LongText text={part.text} />
        </div>
      );
    case 'media':
      return <div className={styles.muted}>{part.text}</div>;
    case 'call':
      return (
        <div className={styles.call} data-kind="call">
          <div className={styles.tool}>
            <span className={styles.muted}>{t('details.calls')}</span> <code className={styles.code}>{part.name}</code>
          </div>
          <Json label={t('details.arguments-of', { tool: part.name })} value={part.value} />
        </div>
      );
    case 'result':
      return (
        <div className={styles.call} data-kind="result">
          <Json label={t('details.result')} value={part.value} />
        </div>
      );
    case 'json':
      return <Json label={t('details.content')} value={part.value} />;
  }
}

function Json({ label, value }: { label: string; value: Extract<ChatPart, { value: unknown }>['value'] }) {
  const styles = useStyles2(getStyles);
  if (isParent(value)) return <JsonTree label={label} value={value} />;
  if (value === null) return null;
  return <LongText text={String(value)} className={styles.mono} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  turns: css({ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: theme.spacing(0.75) }),
  turn: css(withCopyButton(theme), {
    minWidth: 0,
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    borderLeft: `3px solid ${theme.colors.border.strong}`,
    background: theme.colors.background.secondary,
    '&[data-role="assistant"], &[data-role="answer"], &[data-role="output"]': {
      borderLeftColor: theme.visualization.getColorByName('purple'),
    },
    '&[data-role="user"], &[data-role="prompt"], &[data-role="input"]': {
      borderLeftColor: theme.visualization.getColorByName('blue'),
    },
    '&[data-role="tool"]': { borderLeftColor: theme.visualization.getColorByName('orange') },
  }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }),
  role: css({ ...dataText, fontSize: 11, color: theme.colors.text.secondary, fontWeight: 500 }),
  text: css({ lineHeight: 1.45, color: theme.colors.text.primary }),
  muted: css({ color: theme.colors.text.secondary }),
  call: css({ minWidth: 0, marginTop: theme.spacing(0.25) }),
  tool: css({ overflowWrap: 'anywhere' }),
  code: css({
    margin: 0,
    padding: 0,
    border: 0,
    background: 'none',
    color: theme.colors.text.primary,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
  }),
  mono: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5 }),
  more: css(textButton(theme), { marginBottom: theme.spacing(0.75) }),
});
