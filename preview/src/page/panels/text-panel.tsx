import { css } from '@emotion/css';
import { PanelPlugin, renderTextPanelMarkdown, textUtil, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface TextOptions {
  mode?: 'markdown' | 'html' | 'code';
  content?: string;
}

/** Grafana's text panel: markdown or HTML, both sanitised, with variables filled in. */
export function textPanel(): PanelPlugin {
  return new PanelPlugin<TextOptions>(TextPanel) as PanelPlugin;
}

function TextPanel({ options, replaceVariables }: PanelProps<TextOptions>) {
  const styles = useStyles2(getStyles);
  const content = replaceVariables(options.content ?? '', {}, options.mode === 'html' ? 'html' : undefined);
  if (options.mode === 'code') return <pre className={styles}>{content}</pre>;
  const html = options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderTextPanelMarkdown(content);
  return <div className={`markdown-html ${styles}`} dangerouslySetInnerHTML={{ __html: html }} />;
}

const getStyles = (theme: GrafanaTheme2) => css({ height: '100%', overflow: 'auto', padding: theme.spacing(0, 1) });
