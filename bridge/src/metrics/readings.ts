import { Counter, Gauge, type Registry } from 'prom-client';

/** A value with the labels it belongs to. */
export type Reading<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];

interface Definition<Label extends string> {
  registry: Registry;
  name: string;
  help: string;
  labelNames?: readonly Label[];
  /** Asked at every scrape. What is not among the readings is not told, rather than told as it last was. */
  read: () => Iterable<Reading<Label>> | Promise<Iterable<Reading<Label>>>;
}

/** A value without labels, as readings. */
export function single(value: number): Iterable<Reading<never>> {
  return [[{}, value]];
}

/** A counter that someone else counts. */
export function readCounter<Label extends string = never>(definition: Definition<Label>): void {
  const { registry, name, help, labelNames = [], read } = definition;
  new Counter({
    registers: [registry],
    name,
    help,
    labelNames,
    async collect() {
      const readings = await read();
      this.reset();
      for (const [labels, value] of readings) this.inc(labels, value);
    },
  });
}

/** A gauge that someone else knows. */
export function readGauge<Label extends string = never>(definition: Definition<Label>): void {
  const { registry, name, help, labelNames = [], read } = definition;
  new Gauge({
    registers: [registry],
    name,
    help,
    labelNames,
    async collect() {
      const readings = await read();
      this.reset();
      for (const [labels, value] of readings) this.set(labels, value);
    },
  });
}
