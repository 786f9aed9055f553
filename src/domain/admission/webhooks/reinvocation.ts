import type { ConfiguredWebhook } from './configured-webhooks.ts';

/**
 * Which webhooks are asked a second time: those with `reinvocationPolicy: IfNeeded` after whose turn the object was changed by somebody
 * else (apiserver pkg/admission/plugin/webhook/mutating/reinvocationcontext.go).
 */
export class Reinvocation {
  #asked = new Set<string>();
  readonly #due = new Set<string>();

  wasAsked({ id, webhook }: ConfiguredWebhook): void {
    if (webhook.reinvocationPolicy === 'IfNeeded') this.#asked.add(id);
  }

  objectChanged(): void {
    for (const id of this.#asked) this.#due.add(id);
    this.#asked = new Set();
  }

  isDue({ id }: ConfiguredWebhook): boolean {
    return this.#due.has(id);
  }
}
