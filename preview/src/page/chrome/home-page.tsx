import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Card, Icon, TagList, useStyles2 } from '@grafana/ui';
import { mayExplore } from '../explore/may-explore';
import { useDocumentTitle } from './use-document-title';

/** `/`: what has been provisioned. */
export function HomePage() {
  const styles = useStyles2(getStyles);
  const { dashboards, apps, problems } = window.previewCatalogue;
  useDocumentTitle(undefined);
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>Flow tracking</h1>
      <p className={styles.lead}>
        The provisioned dashboards and the built plugin, in a stand-in made of Grafana’s published libraries.
      </p>
      {problems.length > 0 && (
        <Alert severity="warning" title="Not everything is here">
          <ul className={styles.problems}>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Alert>
      )}
      <h2 className={styles.heading}>Dashboards</h2>
      {dashboards.length === 0 && <p className={styles.lead}>None is provisioned.</p>}
      <div className={styles.grid}>
        {dashboards.map((item) => (
          <Card key={item.uid} href={item.url} noMargin>
            <Card.Heading>{item.title}</Card.Heading>
            <Card.Figure>
              <Icon name="apps" size="xl" />
            </Card.Figure>
            {item.description && <Card.Description>{item.description}</Card.Description>}
            <Card.Meta>{item.folder || 'General'}</Card.Meta>
            {item.tags.length > 0 && (
              <Card.Tags>
                <TagList tags={item.tags} />
              </Card.Tags>
            )}
          </Card>
        ))}
      </div>
      {apps.map((app) => (
        <section key={app.id}>
          <h2 className={styles.heading}>{app.name}</h2>
          <div className={styles.grid}>
            {app.pages.map((page) => (
              <Card key={page.url} href={page.url} noMargin>
                <Card.Heading>{page.name}</Card.Heading>
                <Card.Figure>{app.logo ? <img src={app.logo} alt="" /> : <Icon name="rocket" size="xl" />}</Card.Figure>
                {app.description && <Card.Description>{app.description}</Card.Description>}
              </Card>
            ))}
          </div>
        </section>
      ))}
      {mayExplore() && (
        <section>
          <h2 className={styles.heading}>Data</h2>
          <div className={styles.grid}>
            <Card href="/explore" noMargin>
              <Card.Heading>Explore</Card.Heading>
              <Card.Figure>
                <Icon name="compass" size="xl" />
              </Card.Figure>
              <Card.Description>
                The data source’s editors of queries, variables and annotations, and what comes of them.
              </Card.Description>
            </Card>
          </div>
        </section>
      )}
    </main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ width: '100%', maxWidth: 1080, margin: '0 auto', padding: theme.spacing(4, 2) }),
  title: css({ ...theme.typography.h2, marginBottom: theme.spacing(0.5) }),
  lead: css({ color: theme.colors.text.secondary }),
  heading: css({ ...theme.typography.h4, margin: theme.spacing(3, 0, 1) }),
  grid: css({
    display: 'grid',
    gap: theme.spacing(1),
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))',
  }),
  problems: css({ margin: 0, paddingLeft: theme.spacing(2) }),
});
