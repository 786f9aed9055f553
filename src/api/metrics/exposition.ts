/** Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats), version 0.0.4. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

/** `suffix` is added to the family's name, for what a histogram consists of. */
export type Sample = { suffix?: string; labels: string; value: number };

export type MetricFamily = {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: Iterable<Sample>;
};

const escaped = (value: string): string =>
  value.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));

/** `verb="GET",resource="pods"` */
export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

export function exposition(families: Iterable<MetricFamily>): string {
  let text = '';
  for (const { name, help, type, samples } of families) {
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const { suffix = '', labels, value } of samples) {
      text += `${name}${suffix}${labels === '' ? '' : `{${labels}}`} ${value}\n`;
    }
  }
  return text;
}
