import { ATTRIBUTES, type Attributes } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo, useMemo, useState } from 'react';
import { t } from '../../texts/t';
import { useLooks } from '../components/looks-context';
import { toJson } from '../to-json';
import { groupAttributes, type NamedAttribute } from './attribute-groups';
import { showValue } from './attribute-value';
import { CopyButton } from './CopyButton';
import { JsonTree } from './JsonTree';
import { LongText } from './LongText';
import { Section } from './Section';
import { dataText, textButton, withCopyButton } from './text-styles';

/** Rows of a group that are rendered at once. */
const PAGE = 200;
/** Texts up to this length stand beside their name; longer ones below it, where there is more room. */
const MOST_BESIDE = 48;

interface Props {
  attributes: Attributes;
  /** Names that are shown elsewhere. */
  left: ReadonlySet<string>;
}

/** What the application recorded, in words. Drawn anew only when it changes. */
export const AttributeTable = memo(function AttributeTable({ attributes, left }: Props) {
  const styles = useStyles2(getStyles);
  const groups = useMemo(() => groupAttributes(attributes, left), [attributes, left]);
  if (groups.length === 0) {
    const isShownElsewhere = Object.keys(attributes).some((name) => name !== ATTRIBUTES.unended);
    return isShownElsewhere ? null : <p className={styles.none}>{t('details.no-attributes')}</p>;
  }
  return (
    <Section title={t('details.attributes-title')}>
      {groups.map(({ group, attributes: own }) => (
        <div key={group} className={styles.group} data-group={group}>
          {(groups.length > 1 || group !== 'other') && (
            <h6 className={styles.heading}>{t(`details.groups.${group}`)}</h6>
          )}
          <Rows attributes={own} />
        </div>
      ))}
    </Section>
  );
});

function Rows({ attributes }: { attributes: readonly NamedAttribute[] }) {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState(PAGE);
  const more = attributes.length - shown;
  return (
    <>
      <dl className={styles.rows}>
        {attributes.slice(0, shown).map((attribute) => (
          <Row key={attribute.name} attribute={attribute} />
        ))}
      </dl>
      {more > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + PAGE)}>
          {t('details.show-more-attributes', { number: Math.min(more, PAGE), all: more })}
        </button>
      )}
    </>
  );
}

function Row({ attribute }: { attribute: NamedAttribute }) {
  const styles = useStyles2(getStyles);
  const { name, label, value, unit } = attribute;
  const { duration } = useLooks();
  const shown = useMemo(() => showValue(value, unit, duration), [value, unit, duration]);
  const isBeside = shown.kind === 'plain' || (shown.kind === 'text' && shown.text.length <= MOST_BESIDE);
  return (
    <div className={styles.row} data-attribute={name} data-beside={isBeside}>
      <dt className={styles.name} title={name}>
        {label}
      </dt>
      <dd className={styles.value}>
        {shown.kind === 'plain' && <span className={shown.isMuted ? styles.muted : styles.plain}>{shown.text}</span>}
        {shown.kind === 'text' && <LongText text={shown.text} />}
        {shown.kind === 'json' && <JsonTree label={label} value={shown.value} />}
        {/* In here, since a list of definitions has nothing else. */}
        <CopyButton
          className={styles.copy}
          label={t('details.copy', { what: label })}
          getText={() => (typeof value === 'string' ? value : toJson(value))}
        />
      </dd>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ '& + &': { marginTop: theme.spacing(1.25) } }),
  heading: css({
    margin: theme.spacing(0, 0, 0.25),
    fontSize: 11,
    fontWeight: theme.typography.fontWeightMedium,
    color: theme.colors.text.secondary,
  }),
  rows: css({ margin: 0 }),
  row: css(withCopyButton(theme), {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    padding: theme.spacing(0.5, 3, 0.5, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    "&[data-beside='true']": {
      gridTemplateColumns: 'minmax(96px, 42%) minmax(0, 1fr)',
      columnGap: theme.spacing(1.5),
    },
  }),
  name: css({
    color: theme.colors.text.secondary,
    fontWeight: theme.typography.fontWeightRegular,
    overflowWrap: 'anywhere',
    unicodeBidi: 'plaintext',
  }),
  value: css({ margin: 0, minWidth: 0, fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5 }),
  plain: css(dataText),
  muted: css({ color: theme.colors.text.secondary, fontStyle: 'italic' }),
  copy: css({ position: 'absolute', top: theme.spacing(0.25), right: 0 }),
  more: css(textButton(theme), { marginTop: theme.spacing(0.5) }),
  none: css({ margin: 0, color: theme.colors.text.secondary }),
});
