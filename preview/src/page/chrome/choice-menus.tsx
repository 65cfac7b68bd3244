import { Dropdown, Menu, ToolbarButton } from '@grafana/ui';
import { CHOICE_COOKIES } from '../../shared/boot';

/** Who one is, and which of Grafana's libraries the page is made of. Both are the server's to know, hence the reload. */
export function ChoiceMenus() {
  const { role, roles, grafana, versions } = window.previewCatalogue.choices;
  return (
    <>
      {roles.length > 1 && (
        <Dropdown
          placement="bottom-end"
          overlay={
            <Menu>
              {roles.map((name) => (
                <Menu.Item key={name} label={name} active={name === role} onClick={() => choose('role', name)} />
              ))}
            </Menu>
          }
        >
          <ToolbarButton icon="user" variant="canvas" aria-label={`Role: ${role}`}>
            {role}
          </ToolbarButton>
        </Dropdown>
      )}
      {versions.length > 1 && (
        <Dropdown
          placement="bottom-end"
          overlay={
            <Menu>
              {versions.map(({ major, version }) => (
                <Menu.Item
                  key={major}
                  label={`Grafana ${version}`}
                  active={major === grafana}
                  onClick={() => choose('grafana', String(major))}
                />
              ))}
            </Menu>
          }
        >
          <ToolbarButton variant="canvas" aria-label={`Grafana ${grafana}`}>
            {`Grafana ${grafana}`}
          </ToolbarButton>
        </Dropdown>
      )}
    </>
  );
}

function choose(name: keyof typeof CHOICE_COOKIES, value: string): void {
  document.cookie = `${CHOICE_COOKIES[name]}=${value}; path=/; max-age=31536000; samesite=strict`;
  location.reload();
}
