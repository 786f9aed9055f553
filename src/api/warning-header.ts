/** As much as the API server sends (apiserver pkg/endpoints/filters/warning.go). */
const maxWarnings = 64;
const maxLength = 256;

/**
 * Collects texts for `Warning: 299 - "text"` headers (RFC 7234), each once. What a header cannot carry is left out; other than ASCII
 * goes as UTF-8 bytes, which is how Go reads it.
 */
export class Warnings {
  readonly #texts = new Set<string>();

  readonly add = (text: string): void => {
    if (this.#texts.size < maxWarnings) this.#texts.add(text.slice(0, maxLength));
  };

  get headers(): string[] {
    return [...this.#texts].map((text) => `299 - "${headerText(text)}"`);
  }
}

const headerText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters would end the header
  Buffer.from(text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').replaceAll(/["\\]/g, '\\$&'), 'utf8').toString('latin1');
