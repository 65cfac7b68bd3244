import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Modal, useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { KEY_TABLE } from '../state/key-table';

/** All keys of the panel, by what they are for. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Modal title={t('help.keys')} isOpen onDismiss={onClose} className={styles.modal}>
      <div className={styles.groups} data-testid="flow-key-help">
        {KEY_TABLE.map(({ title, entries }) => (
          <section key={title} className={styles.group} aria-label={title}>
            <h3 className={styles.title}>{title}</h3>
            <dl className={styles.list}>
              {entries.map(({ keys, shown = keys, does }) => (
                <div key={does} className={styles.entry}>
                  <dt className={styles.keys}>
                    {shown.map((key) => (
                      <kbd key={key} className={styles.key}>
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd className={styles.does}>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(760px, calc(100vw - 16px))', maxHeight: 'calc(100vh - 16px)' }),
  groups: css({ columns: '300px 2', columnGap: theme.spacing(4), fontSize: theme.typography.bodySmall.fontSize }),
  group: css({ breakInside: 'avoid', marginBottom: theme.spacing(2) }),
  title: css({
    margin: theme.spacing(0, 0, 0.5),
    fontSize: theme.typography.body.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  list: css({ margin: 0 }),
  entry: css({ display: 'flex', alignItems: 'baseline', gap: theme.spacing(1), padding: theme.spacing(0.25, 0) }),
  keys: css({ display: 'flex', flex: '0 0 88px', flexWrap: 'wrap', gap: 3, margin: 0 }),
  does: css({ margin: 0, color: theme.colors.text.secondary }),
  key: css({
    minWidth: 20,
    padding: theme.spacing(0, 0.5),
    textAlign: 'center',
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11,
    color: theme.colors.text.primary,
    background: theme.colors.background.secondary,
  }),
});
