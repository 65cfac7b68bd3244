import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { readConfig } from '../bridge/src/config';

const root = join(__dirname, '..');
const folder = join(root, 'docs', 'kubernetes');

/** Where Kubernetes' types of a manifest stand. */
const TYPES: Readonly<Record<string, string>> = {
  ConfigMap: 'core/v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  Namespace: 'core/v1',
  NetworkPolicy: 'networking/v1',
  PodDisruptionBudget: 'policy/v1',
  Secret: 'core/v1',
  Service: 'core/v1',
};
/** Of other makers, without types in that package. */
const WITHOUT_TYPES = ['Kustomization', 'ServiceMonitor'];

interface Manifest {
  kind: string;
  apiVersion: string;
  metadata: { name: string; labels?: Record<string, string> };
}
interface Probe {
  httpGet: { path: string; port: string };
  periodSeconds: number;
  failureThreshold: number;
}
interface Container {
  image: string;
  command?: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  securityContext: unknown;
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
  volumeMounts: { name: string; mountPath: string }[];
  resources: { limits: { memory: string } };
}
interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: {
    containers: [Container];
    enableServiceLinks: boolean;
    terminationGracePeriodSeconds?: number;
    securityContext: { runAsNonRoot: boolean; runAsUser: number };
    volumes?: { name: string; secret: { secretName: string; items: { key: string; path: string }[] } }[];
  };
}
type Labels = Record<string, string>;

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .sort();
const read = <T = Manifest>(file: string) => parse(readFileSync(join(folder, file), 'utf8')) as T;
const manifests = files.map((file) => ({ file, manifest: read(file) }));

const deployment = read<{
  spec: { replicas: number; selector: { matchLabels: Labels }; template: PodTemplate };
}>('deployment.yaml');
const [container] = deployment.spec.template.spec.containers;
const settings = read<{ data: Record<string, string> }>('config-map.yaml').data;
const secretKeys = Object.keys(read<{ stringData: Labels }>('secret.example.yaml').stringData);
const jobs = files
  .filter((file) => file.endsWith('-job.yaml'))
  .map((file) => ({ file, ...read<{ spec: { template: PodTemplate } }>(file).spec }));
const pods = [deployment.spec, ...jobs].map(({ template }) => template);

/** What TypeScript finds wrong with manifests against the types made of Kubernetes' own API description. */
function typeErrors(checked: readonly Manifest[]): string[] {
  const path = join(root, 'test', 'manifests-against-types.ts');
  const source = checked
    .map(({ kind, ...rest }, i) => {
      const imported = `import type { ${kind} as Type${i} } from 'kubernetes-types/${TYPES[kind]}';`;
      return `${imported}\n(${JSON.stringify({ kind, ...rest })}) satisfies Type${i};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const readSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...more) =>
    name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : readSourceFile(name, ...more);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([path], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const isSubset = (part: Labels, of: Labels) => Object.entries(part).every(([name, value]) => of[name] === value);

describe('the manifests for Kubernetes', () => {
  it('are what Kubernetes’ types allow', () => {
    const typed = manifests.map(({ manifest }) => manifest).filter(({ kind }) => !WITHOUT_TYPES.includes(kind));
    expect(typed.map(({ kind }) => kind).filter((kind) => TYPES[kind] === undefined)).toEqual([]);
    expect(typed.length).toBeGreaterThan(8);
    expect(typeErrors(typed)).toEqual([]);
    const wrong = structuredClone(typed.find(({ kind }) => kind === 'Deployment')) as unknown as typeof deployment;
    Object.assign(wrong.spec.template.spec, { terminationGracePeriodSecond: 1 });
    expect(typeErrors([wrong as unknown as Manifest]).join()).toContain('terminationGracePeriodSecond');
  });

  it('are all applied but the example of the secret', () => {
    for (const dir of ['', 'optional/']) {
      const { resources } = read<{ resources: string[] }>(`${dir}kustomization.yaml`);
      const there = files.filter((file) => file.startsWith(dir) && !file.slice(dir.length).includes('/'));
      const left = ['kustomization.yaml', 'secret.example.yaml'];
      expect([...resources].sort()).toEqual(
        there.map((file) => file.slice(dir.length)).filter((file) => !left.includes(file)),
      );
    }
  });

  it('take the image of this version, by one name', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'bridge', 'package.json'), 'utf8')) as { version: string };
    for (const { spec } of pods) expect(spec.containers[0].image).toBe('flow-bridge');
    for (const file of ['kustomization.yaml', 'optional/kustomization.yaml'])
      expect(read<{ images: unknown }>(file).images).toMatchObject([{ name: 'flow-bridge', newTag: version }]);
  });

  it('set what the bridge takes, with the files that are mounted', () => {
    const variables = container.env.map(({ name }) => name).filter((name) => name !== 'NODE_OPTIONS');
    const secrets = {
      REDIS_URL: 'redis://redis:6379',
      DATABASE_URL: 'postgres://postgres/flow',
      DATABASE_READ_URL: 'postgres://replica/flow',
    };
    expect(variables.sort()).toEqual(Object.keys(secrets).sort());
    const config = readConfig({ ...settings, ...secrets });
    expect(config).toMatchObject({ host: '0.0.0.0', port: container.ports?.[0]?.containerPort, partitions: 4 });
    const known = readFileSync(join(root, 'bridge', 'src', 'environment.ts'), 'utf8');
    for (const name of Object.keys(settings)) expect(known).toContain(`  ${name}: `);

    const [volume] = deployment.spec.template.spec.volumes ?? [];
    const mounted = volume?.secret.items.map(({ path }) => `${container.volumeMounts[0]?.mountPath}/${path}`);
    expect(mounted).toEqual([config.readTokensFile, config.controlTokensFile]);
  });

  it('ask for keys of the secret that its example has, without values', () => {
    const used = pods.flatMap(({ spec }) => [
      ...spec.containers[0].env.flatMap(({ valueFrom }) => (valueFrom ? [valueFrom.secretKeyRef] : [])),
      ...(spec.volumes ?? []).flatMap(({ secret }) =>
        secret.items.map(({ key }) => ({ name: secret.secretName, key })),
      ),
    ]);
    const monitor = read<{ spec: { endpoints: { authorization: { credentials: { name: string; key: string } } }[] } }>(
      'optional/service-monitor.yaml',
    );
    const ours = [...used, ...monitor.spec.endpoints.map(({ authorization }) => authorization.credentials)].filter(
      ({ name }) => name === 'flow-bridge',
    );
    expect([...new Set(ours.map(({ key }) => key))].sort()).toEqual([...secretKeys].sort());
    expect(Object.values(read<{ stringData: Labels }>('secret.example.yaml').stringData).join('')).toBe('');
  });

  it('probe paths that the bridge has', () => {
    const health = readFileSync(join(root, 'bridge', 'src', 'checks', 'health-endpoint.ts'), 'utf8');
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
    expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/readyz', '/healthz']);
    for (const { httpGet } of probes) {
      expect(health).toContain(`path: '${httpGet.path}'`);
      expect(container.ports?.map(({ name }) => name)).toContain(httpGet.port);
    }
  });

  it('give a bridge the time to drain and to close, and take it out of the service before the drain ends', () => {
    const drainS = Number(settings['FLOW_DRAIN_S']);
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drainS + 5);
    expect(drainS).toBeGreaterThanOrEqual(5);
    expect(deployment.spec.replicas).toBeGreaterThan(1);
  });

  it('leave the process memory beside its heap', () => {
    const heapMib = Number(/=(\d+)$/.exec(container.env.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '')?.[1]);
    expect(Number.parseInt(container.resources.limits.memory, 10)).toBeGreaterThanOrEqual(heapMib * 1.4);
  });

  it('run as the user of the image, without rights, and without variables made of services', () => {
    for (const { spec } of pods) {
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      // A service called flow-bridge makes FLOW_BRIDGE_PORT=tcp://…, which the bridge refuses.
      expect(spec.enableServiceLinks).toBe(false);
      expect(() => readConfig({ FLOW_BRIDGE_PORT: 'tcp://10.0.0.1:8090' })).toThrow(/FLOW_BRIDGE_PORT/);
    }
  });

  it('send requests to bridges, and let nothing but bridges and jobs through the network policy', () => {
    const selectors = [
      deployment.spec.selector.matchLabels,
      read<{ spec: { selector: Labels } }>('service.yaml').spec.selector,
      read<{ spec: { selector: { matchLabels: Labels } } }>('pod-disruption-budget.yaml').spec.selector.matchLabels,
    ];
    for (const selector of selectors) {
      expect(isSubset(selector, deployment.spec.template.metadata.labels)).toBe(true);
      for (const { template } of jobs) expect(isSubset(selector, template.metadata.labels)).toBe(false);
    }
    const policy = read<{ spec: { podSelector: { matchLabels: Labels } } }>('network-policy.yaml');
    for (const { metadata } of pods) expect(isSubset(policy.spec.podSelector.matchLabels, metadata.labels)).toBe(true);
    const monitor = read<{ spec: { selector: { matchLabels: Labels }; endpoints: { port: string }[] } }>(
      'optional/service-monitor.yaml',
    );
    const service = read<{ metadata: { name: string; labels: Labels }; spec: { ports: { name: string }[] } }>(
      'service.yaml',
    );
    expect(isSubset(monitor.spec.selector.matchLabels, service.metadata.labels)).toBe(true);
    expect(monitor.spec.endpoints[0]?.port).toBe(service.spec.ports[0]?.name);
    // The job that Prometheus makes of a ServiceMonitor is the service's name, and the alerts ask for it.
    expect(readFileSync(join(root, 'provisioning/prometheus/flow-bridge.rules.yaml'), 'utf8')).toContain(
      `job="${service.metadata.name}"`,
    );
  });

  it('start programs that the image has', () => {
    const dockerfile = readFileSync(join(root, 'bridge', 'Dockerfile'), 'utf8');
    for (const { template } of jobs) {
      const [program, script = ''] = template.spec.containers[0].command ?? [];
      expect(program).toBe('node');
      const inImage = dockerfile.includes(`COPY ${script} `) || dockerfile.includes(`CMD ["node", "${script}"]`);
      expect([script, inImage]).toEqual([script, true]);
      if (script.startsWith('scripts/')) expect(existsSync(join(root, script))).toBe(true);
    }
  });

  it('are each explained in the guide', () => {
    const guide = readFileSync(join(root, 'docs', 'kubernetes.md'), 'utf8');
    for (const file of files.filter((name) => !name.endsWith('kustomization.yaml') && !name.includes('/')))
      if (file !== 'namespace.yaml') expect(guide).toContain(`\`${file}\``);
    for (const file of files.filter((name) => /optional\/(?!kustom)/.test(name)))
      expect(guide).toContain(`\`${file}\``);
  });
});
