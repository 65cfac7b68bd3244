import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { FlowLink } from '../../frames/links';
import { t } from '../../texts/t';
import { CopyButton } from './CopyButton';
import { Section } from './Section';
import { dataText, withCopyButton } from './text-styles';

interface Props {
  /** What it is called, and the id; in the order in which they are shown. */
  ids: readonly (readonly [name: string, id: string])[];
  links: readonly FlowLink[];
}

/** Where else this node is known, and by which ids. */
export function IdsAndLinks({ ids, links }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <Section title={links.length > 0 ? t('details.ids-and-links') : t('details.ids')}>
      {links.length > 0 && (
        <ul className={styles.links}>
          {links.map((link) => (
            <li key={`${link.href} ${link.title}`}>
              <a
                className={styles.link}
                href={link.href}
                target={link.target}
                rel={link.target === '_blank' ? 'noopener noreferrer' : undefined}
                onClick={link.onClick}
              >
                <Icon name={link.target === '_blank' ? 'external-link-alt' : 'link'} size="sm" />
                {link.title === '' ? link.href : link.title}
              </a>
            </li>
          ))}
        </ul>
      )}
      <dl className={styles.ids}>
        {ids.map(([name, id]) => (
          <div key={name} className={styles.row}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.value}>
              <span className={styles.id}>{id}</span>
              <CopyButton label={t('details.copy-id', { name })} getText={() => id} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  links: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    listStyle: 'none',
    margin: theme.spacing(0, 0, 0.75),
    padding: 0,
  }),
  link: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    color: theme.colors.text.link,
    overflowWrap: 'anywhere',
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  ids: css({ margin: 0 }),
  row: css(withCopyButton(theme), { display: 'flex', alignItems: 'flex-start', gap: theme.spacing(1) }),
  name: css({
    flex: 'none',
    width: 48,
    color: theme.colors.text.secondary,
    fontWeight: theme.typography.fontWeightRegular,
  }),
  value: css({ display: 'flex', alignItems: 'flex-start', flex: 1, gap: theme.spacing(1), minWidth: 0, margin: 0 }),
  id: css({
    ...dataText,
    flex: 1,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    lineHeight: 1.6,
  }),
});
